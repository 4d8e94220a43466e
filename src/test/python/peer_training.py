#!/usr/bin/python3
"""The training steps of weft.nn.TrainingSpeed in PyTorch, one case a call: prints steps a second.

Called by training_speed.py, which pins it to a core. Needs Debian's python3-torch and
libopenblas0-pthread: without the latter PyTorch falls back to the reference BLAS.
"""
import gzip
import sys
import time
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

DATA = Path(__file__).resolve().parents[2] / "main/resources/weft/data"


def mnist():
    with gzip.open(DATA / "mnist-t10k-images-idx3-ubyte.gz") as f:
        images = torch.frombuffer(bytearray(f.read()[16:]), dtype=torch.uint8)
    with gzip.open(DATA / "mnist-t10k-labels-idx1-ubyte.gz") as f:
        labels = torch.frombuffer(bytearray(f.read()[8:]), dtype=torch.uint8)
    return images.float().view(-1, 784) / 255, labels.long()


class Block(nn.Module):
    def __init__(self, width, heads, steps):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.tril(torch.ones(steps, steps)).bool())

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).split(d, dim=2)
        q, k, v = (s.view(b, t, self.heads, d // self.heads).transpose(1, 2) for s in (q, k, v))
        scores = (q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5
        weights = scores.masked_fill(~self.mask, float("-inf")).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).contiguous().view(b, t, d))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, vocabulary=96, steps=128, width=128, heads=4, layers=4):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(steps, width)
        self.blocks = nn.Sequential(*[Block(width, heads, steps) for _ in range(layers)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary)
        self.register_buffer("steps", torch.arange(steps))

    def forward(self, tokens):
        x = self.embedding(tokens) + self.positions(self.steps)
        return self.head(self.norm(self.blocks(x))).view(-1, self.head.out_features)


def mlp():
    return nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))


def lenet():
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10))


def cnn():
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Linear(128, 10))


def images(net, batch):
    x, y = mnist()
    batches = len(x) // batch
    return net, nn.CrossEntropyLoss(), 0.1, [
        (x[i * batch:(i + 1) * batch], y[i * batch:(i + 1) * batch]) for i in range(batches)]


def characters():
    tokens = torch.randint(0, 96, (16, 128))
    return Transformer(), nn.CrossEntropyLoss(), 0.01, [(tokens, torch.randint(0, 96, (2048,)))]


def tiny():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1), nn.ReLU())
    return net, nn.MSELoss(), 0.001, [(torch.rand(1, 2), torch.rand(1, 1)) for _ in range(64)]


CASES = {
    "mlp-64": lambda: images(mlp(), 64),
    "mlp-1024": lambda: images(mlp(), 1024),
    "lenet-64": lambda: images(lenet(), 64),
    "transformer-16": characters,
    "tiny-1": tiny,
}


def speed(case, seconds):
    net, criterion, rate, batches = CASES[case]()
    optimizer = torch.optim.SGD(net.parameters(), lr=rate)

    def step(i):
        x, y = batches[i % len(batches)]
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()

    warm_until = time.perf_counter() + seconds / 2
    i = 0
    while time.perf_counter() < warm_until:
        step(i)
        i += 1
    best = 0
    for _ in range(3):
        first, start = i, time.perf_counter()
        while time.perf_counter() < start + seconds / 3:
            step(i)
            i += 1
        best = max(best, (i - first) / (time.perf_counter() - start))
    return best


def accuracy():
    """Seconds and test accuracy of the CNN: 12 epochs of Adam on 8,000 images, 2,000 to test."""
    x, y = mnist()
    net, optimizer = cnn(), None
    optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    start = time.perf_counter()
    for _ in range(12):
        for rows in torch.randperm(8000).split(64):
            optimizer.zero_grad()
            criterion(net(x[rows]), y[rows]).backward()
            optimizer.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        right = (net(x[8000:]).argmax(1) == y[8000:]).float().mean().item()
    return seconds, right


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1] == "cnn":
        print("%.2f %.4f" % accuracy())
    else:
        print("%.3f" % speed(sys.argv[1], float(sys.argv[2])))
