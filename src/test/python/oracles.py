#!/usr/bin/python3
"""What PyTorch computes in float64 for every layer, loss and optimiser, on small random data.

    apt-get install python3-torch libopenblas0-pthread
    src/test/python/oracles.py

Writes src/test/resources/weft/nn/pytorch.json.gz, which weft.nn.PyTorchTest compares with. Each
case has the inputs, the targets, the starting parameters in Weft's order, the outputs, the loss
and the gradient at the start, and the parameters after ten updates on the same batch; each
schedule has its first rates. A batch's loss is the mean over samples (and positions) of the sum
over outputs, as Weft defines it.
"""
import gzip
import json
import math
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

FILE = Path(__file__).resolve().parents[1] / "resources/weft/nn/pytorch.json.gz"
torch.set_default_dtype(torch.float64)

# of weft.nn.Initializers
SEED = 1


class Recurrent(nn.Module):
    """nn.RNN with the two biases joined into one; checked against nn.RNN below."""

    def __init__(self, ins, n):
        super().__init__()
        self.w = nn.Parameter(torch.randn(n, ins) * 0.5)
        self.u = nn.Parameter(torch.randn(n, n) * 0.5)
        self.b = nn.Parameter(torch.randn(n) * 0.1)

    def forward(self, x):
        h, outs = torch.zeros(x.shape[0], self.w.shape[0]), []
        for t in range(x.shape[1]):
            h = torch.tanh(x[:, t] @ self.w.t() + h @ self.u.t() + self.b)
            outs.append(h)
        return torch.stack(outs, 1)


class Lstm(nn.Module):
    """nn.LSTM with the two biases joined into one; checked against nn.LSTM below."""

    def __init__(self, ins, n):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4 * n, ins) * 0.5)
        self.u = nn.Parameter(torch.randn(4 * n, n) * 0.5)
        self.b = nn.Parameter(torch.randn(4 * n) * 0.1)

    def forward(self, x):
        n = self.u.shape[1]
        h = c = torch.zeros(x.shape[0], n)
        outs = []
        for t in range(x.shape[1]):
            i, f, g, o = (x[:, t] @ self.w.t() + h @ self.u.t() + self.b).split(n, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outs.append(h)
        return torch.stack(outs, 1)


class Attention(nn.Module):
    def __init__(self, width, heads, causal):
        super().__init__()
        self.inner = nn.MultiheadAttention(width, heads, batch_first=True)
        nn.init.normal_(self.inner.in_proj_bias, std=0.1)
        nn.init.normal_(self.inner.out_proj.bias, std=0.1)
        self.causal = causal

    def forward(self, x):
        t = x.shape[1]
        mask = torch.triu(torch.ones(t, t), 1).bool() if self.causal else None
        return self.inner(x, x, x, attn_mask=mask, need_weights=False)[0]

    def ordered(self):
        a = self.inner
        return [a.in_proj_weight, a.in_proj_bias, a.out_proj.weight, a.out_proj.bias]


class Experts(nn.Module):
    """A mixture of experts as Mixtral has it (Jiang et al., 2024, section 2.1), which PyTorch has not.

    The softmax is over the chosen scores; checked in check_experts.
    """

    def __init__(self, width, count, active, inner, activation):
        super().__init__()
        self.active = active
        self.router = nn.Linear(width, count, bias=False)
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(width, inner), activation, nn.Linear(inner, width))
            for _ in range(count))

    def forward(self, x):
        flat = x.reshape(-1, x.shape[-1])
        scores, chosen = self.router(flat).topk(self.active, -1)
        weights = scores.softmax(-1)
        out = torch.zeros_like(flat)
        for e, expert in enumerate(self.experts):
            rows, place = (chosen == e).nonzero(as_tuple=True)
            out = out.index_add(0, rows, weights[rows, place, None] * expert(flat[rows]))
        return out.reshape(x.shape)


class Positions(nn.Module):
    def __init__(self, steps, width):
        super().__init__()
        self.w = nn.Parameter(torch.randn(steps, width) * 0.3)

    def forward(self, x):
        return x + self.w


class Tokens(nn.Embedding):
    def forward(self, x):
        return super().forward(x.long())


class Residual(nn.Module):
    def __init__(self, *inside):
        super().__init__()
        self.inside = nn.Sequential(*inside)

    def forward(self, x):
        return x + self.inside(x)


class LastStep(nn.Module):
    def forward(self, x):
        return x[:, -1]


MASK = 2 ** 64 - 1


def mix(z):
    """weft.sim.RandomStreams.mix: MurmurHash3's finaliser."""
    for factor in (0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53):
        z = (z ^ (z >> 33)) * factor & MASK
    return z ^ (z >> 33)


class Dropout(nn.Module):
    """nn.Dropout with the draws of weft.nn.compute.FloatDropout."""

    def __init__(self, share, index, seed=SEED):
        super().__init__()
        self.share = share
        self.layer = mix(seed ^ mix(index + 1))
        self.step = 0

    def kept(self, rows, width):
        step = mix((self.layer + mix(self.step + 1)) & MASK)
        below = int(self.share * 2 ** 32)
        samples = [mix((step + row * 0x9e3779b97f4a7c15) & MASK) for row in range(rows)]
        halves = [[mix((sample + i) & MASK) >> half & 0xffffffff
                   for i in range(0, width, 2) for half in (0, 32)] for sample in samples]
        return torch.tensor([[float(draw >= below) for draw in row[:width]] for row in halves])

    def forward(self, x):
        if not self.training:
            return F.dropout(x, self.share, False)
        kept = self.kept(x.shape[0], x[0].numel()).reshape(x.shape)
        self.step += 1
        return x * kept / (1 - self.share)


def ordered(module):
    """The parameters in Weft's order: layer by layer, weights then biases."""
    if isinstance(module, Attention):
        return module.ordered()
    children = list(module.children())
    if not children:
        return list(module.parameters(recurse=False))
    return [p for child in children for p in ordered(child)]


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).tolist()


def per_sample(criterion):
    """A criterion with reduction 'sum', divided by the samples and positions."""
    return lambda out, y: criterion(out, y) / (out.numel() // out.shape[-1])


def classes(out, y):
    return F.cross_entropy(out.reshape(-1, out.shape[-1]), y.reshape(-1))


LOSSES = {
    "squaredError": per_sample(nn.MSELoss(reduction="sum")),
    "halfSquaredError": per_sample(lambda o, y: nn.MSELoss(reduction="sum")(o, y) / 2),
    "absoluteError": per_sample(nn.L1Loss(reduction="sum")),
    "huber": per_sample(nn.HuberLoss(reduction="sum", delta=0.5)),
    "binaryCrossEntropy": per_sample(nn.BCEWithLogitsLoss(reduction="sum")),
    "crossEntropy": classes,
}


def predicted(out, loss):
    """What the last layer gives: PyTorch's losses take it before its sigmoid or softmax."""
    if loss == "crossEntropy":
        return out.softmax(-1)
    return torch.sigmoid(out) if loss == "binaryCrossEntropy" else out


def sgd(p):
    return torch.optim.SGD(p, lr=0.1)


class Lamb(torch.optim.Optimizer):
    """Algorithm 2 of You et al., ICLR 2020, with phi the identity; PyTorch has none of its own.

    As in the paper's experiments, biases are neither decayed nor scaled.
    """

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for x in group["params"]:
                state = self.state[x]
                t = state["t"] = state.get("t", 0) + 1
                m = state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * x.grad
                v = state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * x.grad ** 2
                r = (m / (1 - beta1 ** t)) / ((v / (1 - beta2 ** t)).sqrt() + group["eps"])
                if x.dim() == 1:
                    x -= group["lr"] * r
                    continue
                update = r + group["weight_decay"] * x
                x -= group["lr"] * x.norm() / update.norm() * update


OPTIMISERS = {
    "sgd": sgd,
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "sgd-decay": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adam-decay": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1),
    "adamW": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
    "adamW-betas": lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6,
                                               weight_decay=0.01),
    "lamb": lambda p: Lamb(p, lr=0.01),
    "lamb-decay": lambda p: Lamb(p, lr=0.02, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1),
}

SCHEDULES = {
    "step": lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5),
    "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 10),
    "oneCycle": lambda o: torch.optim.lr_scheduler.OneCycleLR(
        o, max_lr=0.1, total_steps=10, cycle_momentum=False),
    "warmUp": lambda o: torch.optim.lr_scheduler.LinearLR(o, 1 / 4, total_iters=3),
    "cosine-floor": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 10, 0.02),
    "warmUp-then-cosine": lambda o: torch.optim.lr_scheduler.SequentialLR(o, [
        torch.optim.lr_scheduler.LinearLR(o, 1 / 4, total_iters=3),
        torch.optim.lr_scheduler.CosineAnnealingLR(o, 8)], [4]),
}

# weft.nn.Schedules with the same arguments, for the rates themselves
RATES = {
    "constant()": lambda o: torch.optim.lr_scheduler.ConstantLR(o, 1),
    "step(7, 0.3)": lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.3),
    "cosine(40)": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 40),
    "cosine(40, 0.1)": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 40, 0.1),
    "warmUp(10)": lambda o: torch.optim.lr_scheduler.LinearLR(o, 1 / 10, total_iters=9),
    "warmUp(10).then(cosine(30))": lambda o: torch.optim.lr_scheduler.SequentialLR(o, [
        torch.optim.lr_scheduler.LinearLR(o, 1 / 10, total_iters=9),
        torch.optim.lr_scheduler.CosineAnnealingLR(o, 30)], [10]),
    "oneCycle(40)": lambda o: torch.optim.lr_scheduler.OneCycleLR(
        o, max_lr=1, total_steps=40, cycle_momentum=False),
}


def case(name, net, x, y, loss, optimiser=sgd, clip=None, schedule=None, training=True):
    # a data set keeps single precision: both sides begin with the same numbers
    x, y = x.float().double(), y.float().double() if y.is_floating_point() else y
    parameters = ordered(net)
    start = flat(parameters)
    net.train(training)
    out = net(x)
    value = LOSSES[loss](out, y)
    gradient = torch.autograd.grad(value, parameters)
    # running statistics moved with the first pass: begin again
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.reset_running_stats()
        if isinstance(module, Dropout):
            module.step = 0
    update = optimiser(parameters)
    rates = schedule(update) if schedule else None
    for _ in range(10):
        update.zero_grad()
        LOSSES[loss](net(x), y).backward()
        if clip:
            nn.utils.clip_grad_norm_(parameters, clip)
        update.step()
        if rates:
            rates.step()
    net.eval()
    statistics = [s for module in net.modules()
                  if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d))
                  for s in (module.running_mean, module.running_var)]
    return {
        "name": name,
        "inputs": x.double().reshape(x.shape[0], -1).tolist(),
        "classes": y.reshape(y.shape[0], -1).tolist() if loss == "crossEntropy" else None,
        "targets": None if loss == "crossEntropy" else y.reshape(y.shape[0], -1).tolist(),
        "start": start,
        "outputs": predicted(out, loss).detach().reshape(-1).tolist(),
        "loss": value.item(),
        "gradient": flat(gradient),
        "after": flat(parameters),
        "statistics": flat(statistics) if statistics else [],
        "evaluated": predicted(net(x), loss).detach().reshape(-1).tolist(),
    }


def regression(ins=5, outs=3, rows=7):
    return torch.randn(rows, ins), torch.randn(rows, outs)


def labels(rows, count, positions=None):
    return torch.randint(0, count, (rows,) if positions is None else (rows, positions))


def activations():
    kinds = {"relu": nn.ReLU(), "leakyRelu": nn.LeakyReLU(0.1), "gelu": nn.GELU(),
             "silu": nn.SiLU(), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(),
             "identity": nn.Identity(), "softmax": nn.Softmax(-1)}
    for name, kind in kinds.items():
        x, y = regression()
        yield case("dense-" + name, nn.Sequential(nn.Linear(5, 6), kind, nn.Linear(6, 3)),
                   x, y, "squaredError")


def losses():
    for name in ("squaredError", "halfSquaredError", "absoluteError", "huber"):
        x, y = regression()
        yield case("loss-" + name, nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3)),
                   x, y, name)
    x, _ = regression()
    net = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3))
    yield case("loss-binaryCrossEntropy", net, x, torch.randint(0, 2, (7, 3)).double(),
               "binaryCrossEntropy")
    net = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 4))
    yield case("loss-crossEntropy", net, x, labels(7, 4), "crossEntropy")


def image_layers():
    def images(channels=2, side=8, rows=4):
        return torch.randn(rows, channels * side * side)

    def net(*layers, channels=2, side=8, features, outs=3):
        return nn.Sequential(nn.Unflatten(1, (channels, side, side)), *layers, nn.Flatten(),
                             nn.Linear(features, outs))

    yield case("conv2d", net(nn.Conv2d(2, 3, 3), nn.ReLU(), features=108), images(), labels(4, 3),
               "crossEntropy")
    yield case("conv2d-padding", net(nn.Conv2d(2, 3, 5, padding=2), nn.Tanh(), features=192),
               images(), labels(4, 3), "crossEntropy")
    yield case("conv2d-stride", net(nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.GELU(),
                                    features=48), images(), labels(4, 3), "crossEntropy")
    yield case("conv2d-twice", net(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(),
                                   nn.Conv2d(4, 3, 3, stride=2), nn.Sigmoid(), features=27),
               images(), labels(4, 3), "crossEntropy")
    yield case("maxPool", net(nn.Conv2d(2, 3, 3, padding=1), nn.Tanh(), nn.MaxPool2d(2),
                              features=48), images(), labels(4, 3), "crossEntropy")
    yield case("maxPool-overlapping", net(nn.Conv2d(2, 3, 3, padding=1), nn.Tanh(),
                                          nn.MaxPool2d(3, 2), features=27),
               images(), labels(4, 3), "crossEntropy")
    yield case("averagePool", net(nn.Conv2d(2, 3, 3, padding=1), nn.Tanh(), nn.AvgPool2d(2),
                                  features=48), images(), labels(4, 3), "crossEntropy")
    yield case("batchNorm-images", net(nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3),
                                       nn.ReLU(), features=192), images(), labels(4, 3),
               "crossEntropy")
    yield case("lenet", net(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                            nn.Conv2d(6, 8, 3), nn.ReLU(), nn.MaxPool2d(2), channels=1, side=12,
                            features=32, outs=4), images(1, 12, 6), labels(6, 4), "crossEntropy")


def other_layers():
    x, y = regression(5, 3, 9)
    yield case("batchNorm-vectors", nn.Sequential(nn.Linear(5, 6), nn.BatchNorm1d(6), nn.Tanh(),
                                                  nn.Linear(6, 3)), x, y, "squaredError")
    yield case("layerNorm-vectors", nn.Sequential(nn.Linear(5, 6), nn.LayerNorm(6), nn.Tanh(),
                                                  nn.Linear(6, 3)), x, y, "squaredError")
    yield case("residual", nn.Sequential(nn.Linear(5, 6), Residual(nn.Linear(6, 6), nn.ReLU(),
                                                                   nn.Linear(6, 6)),
                                         nn.Linear(6, 3)), x, y, "squaredError")


def sequence_layers():
    steps, vocabulary, width, rows = 6, 7, 8, 3

    def net(*layers):
        embedding = Tokens(vocabulary, width)
        return nn.Sequential(embedding, *layers)

    def tokens():
        return labels(rows, vocabulary, steps)

    yield case("embedding", net(nn.Linear(width, 5)), tokens(), labels(rows, 5, steps),
               "crossEntropy")
    yield case("positions", net(Positions(steps, width), nn.Linear(width, 5)), tokens(),
               labels(rows, 5, steps), "crossEntropy")
    yield case("recurrent", net(Recurrent(width, 5), nn.Linear(5, 4)), tokens(),
               labels(rows, 4, steps), "crossEntropy")
    yield case("recurrent-last", net(Recurrent(width, 5), LastStep(), nn.Linear(5, 4)), tokens(),
               labels(rows, 4), "crossEntropy")
    yield case("lstm", net(Lstm(width, 5), nn.Linear(5, 4)), tokens(), labels(rows, 4, steps),
               "crossEntropy")
    yield case("lstm-last", net(Lstm(width, 5), LastStep(), nn.Linear(5, 4)), tokens(),
               labels(rows, 4), "crossEntropy")
    yield case("attention", net(Attention(width, 2, False), nn.Linear(width, 4)), tokens(),
               labels(rows, 4, steps), "crossEntropy")
    yield case("causalAttention", net(Attention(width, 4, True), nn.Linear(width, 4)), tokens(),
               labels(rows, 4, steps), "crossEntropy")
    yield case("layerNorm-sequence", net(nn.LayerNorm(width), nn.Linear(width, 4)), tokens(),
               labels(rows, 4, steps), "crossEntropy")

    def block():
        return [Residual(nn.LayerNorm(width), Attention(width, 2, True)),
                Residual(nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(),
                         nn.Linear(4 * width, width))]

    yield case("transformer", net(Positions(steps, width), *block(), *block(),
                                  nn.LayerNorm(width), nn.Linear(width, vocabulary)),
               tokens(), labels(rows, vocabulary, steps), "crossEntropy")


def optimisers():
    def net():
        return nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 3))

    for name, optimiser in OPTIMISERS.items():
        x, y = regression()
        yield case("optimiser-" + name, net(), x, y, "squaredError", optimiser)
    x, y = regression()
    yield case("optimiser-clipped", net(), x, y, "squaredError", sgd, clip=0.5)
    for name, schedule in SCHEDULES.items():
        x, y = regression()
        yield case("schedule-" + name, net(), x, y, "squaredError", sgd, schedule=schedule)


def check_experts():
    """With all chosen it is the sum over all, weighted by the softmax of all scores."""
    x = torch.randn(3, 6, 4)
    ours = Experts(4, 3, 3, 5, nn.GELU())
    shares = ours.router(x).softmax(-1)
    every = torch.stack([expert(x) for expert in ours.experts], -1)
    assert torch.allclose(ours(x), (every * shares.unsqueeze(-2)).sum(-1), rtol=1e-12, atol=1e-14)


def mixtures():
    check_experts()
    x, y = regression(5, 3, 9)
    yield case("experts", nn.Sequential(nn.Linear(5, 6), Experts(6, 5, 2, 7, nn.SiLU()),
                                        nn.Linear(6, 3)), x, y, "squaredError")
    x, y = regression(5, 3, 9)
    yield case("experts-one", nn.Sequential(nn.Linear(5, 6), Experts(6, 3, 1, 4, nn.Tanh()),
                                            nn.Linear(6, 3)), x, y, "squaredError")
    block = Residual(nn.LayerNorm(8), Experts(8, 4, 2, 16, nn.GELU()))
    yield case("experts-sequence", nn.Sequential(Tokens(7, 8), block, nn.Linear(8, 4)),
               labels(3, 7, 6), labels(3, 4, 6), "crossEntropy")
    yield case("experts-all", nn.Sequential(nn.Linear(5, 6), Experts(6, 3, 3, 4, nn.ReLU()),
                                            nn.Linear(6, 3)), *regression(), "squaredError",
               OPTIMISERS["adamW"])


def rates(schedule, steps=40):
    """The learning rates of the first steps, of a rate of 1."""
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1)
    scheduler, seen = schedule(optimiser), []
    for _ in range(steps):
        seen.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if len(seen) < steps:
            scheduler.step()
    return seen


def check_own_modules():
    """The modules written out above against PyTorch's own."""
    x = torch.randn(3, 6, 4)
    for ours, theirs in ((Lstm(4, 5), nn.LSTM(4, 5, batch_first=True)),
                         (Recurrent(4, 5), nn.RNN(4, 5, batch_first=True))):
        with torch.no_grad():
            theirs.weight_ih_l0.copy_(ours.w)
            theirs.weight_hh_l0.copy_(ours.u)
            theirs.bias_ih_l0.copy_(ours.b)
            theirs.bias_hh_l0.zero_()
            assert torch.allclose(ours(x), theirs(x)[0], rtol=1e-12, atol=1e-14)


def dropouts():
    x, y = regression(5, 3, 9)
    yield case("dropout", nn.Sequential(nn.Linear(5, 7), nn.Tanh(), Dropout(0.4, 1),
                                        nn.Linear(7, 6), nn.ReLU(), Dropout(0.25, 3),
                                        nn.Linear(6, 3)), x, y, "squaredError")


def main():
    torch.manual_seed(20261121)
    torch.set_num_threads(1)
    check_own_modules()
    cases = [c for group in (activations, losses, image_layers, other_layers, sequence_layers,
                             optimisers, dropouts, mixtures) for c in group()]
    for c in cases:
        assert math.isfinite(c["loss"]), c["name"]
    FILE.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"pytorch": torch.__version__, "cases": cases,
                       "rates": {name: rates(schedule) for name, schedule in RATES.items()}})
    with open(FILE, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
        out.write(text.encode())
    print(f"{len(cases)} cases, {FILE.stat().st_size} bytes: {FILE}")


if __name__ == "__main__":
    main()
