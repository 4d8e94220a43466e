// A leaf-spine fabric in ns-3, the peer of weft.engine.packet: every host sends one flow of 2 MB to
// the next of a random cycle, DCTCP (one acknowledgement a segment) over RED queues that mark ECN,
// one spine a destination. Prints packet-hops (data and acknowledgements, one a port left), the
// seconds of the run alone, and what they make a second.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

using namespace ns3;

namespace {

const uint32_t kSegment = 4096;
const uint64_t kFlowBytes = 2'000'000;

struct Fabric {
  NodeContainer hosts, leaves, spines;
  NetDeviceContainer devices;
};

// Cables two nodes: the first has address 1 of this /30, the second 2.
void Join(Fabric& fabric, Ptr<Node> a, Ptr<Node> b, const std::string& network) {
  PointToPointHelper cable;
  cable.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
  cable.SetDeviceAttribute("Mtu", UintegerValue(9000));
  cable.SetChannelAttribute("Delay", StringValue("1us"));
  cable.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1p"));
  NetDeviceContainer ends = cable.Install(a, b);
  TrafficControlHelper control;
  control.SetRootQueueDisc("ns3::RedQueueDisc", "LinkBandwidth", StringValue("100Gbps"),
                           "LinkDelay", StringValue("1us"), "MinTh", DoubleValue(100), "MaxTh",
                           DoubleValue(400), "UseEcn", BooleanValue(true), "UseHardDrop",
                           BooleanValue(false), "MeanPktSize", UintegerValue(kSegment),
                           "MaxSize", StringValue("4000p"));
  control.Install(ends);
  Ipv4AddressHelper(network.c_str(), "255.255.255.252").Assign(ends);
  fabric.devices.Add(ends);
}

std::string Dotted(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return std::to_string(a) + "." + std::to_string(b) + "." + std::to_string(c) + "." +
         std::to_string(d);
}

void Route(Ptr<Node> at, const std::string& network, const char* mask, const std::string& via,
           uint32_t interface) {
  Ipv4StaticRoutingHelper().GetStaticRouting(at->GetObject<Ipv4>())
      ->AddNetworkRouteTo(network.c_str(), mask, via.c_str(), interface);
}

uint64_t Hops(const NetDeviceContainer& devices) {
  uint64_t hops = 0;
  for (uint32_t i = 0; i < devices.GetN(); i++) {
    hops += DynamicCast<PointToPointNetDevice>(devices.Get(i))->GetQueue()->GetTotalReceivedPackets();
  }
  return hops;
}

}  // namespace

int main(int argc, char* argv[]) {
  uint32_t leaves = 8, hostsPerLeaf = 16, spines = 16;
  CommandLine line;
  line.AddValue("leaves", "leaf switches", leaves);
  line.AddValue("hosts", "hosts of a leaf", hostsPerLeaf);
  line.AddValue("spines", "spine switches, a power of two", spines);
  line.Parse(argc, argv);

  Config::SetDefault("ns3::TcpL4Protocol::SocketType", StringValue("ns3::TcpDctcp"));
  Config::SetDefault("ns3::TcpSocketBase::UseEcn", StringValue("On"));
  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(kSegment));
  Config::SetDefault("ns3::TcpSocket::DelAckCount", UintegerValue(1));
  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(4 << 20));
  Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(4 << 20));
  Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(64));

  // Host h of leaf l is 10.l.h.1. Routes are static, few a node, because ns-3 looks for them one
  // by one: a leaf sends to the spine that the destination's number picks, a spine to its leaf.
  Fabric fabric;
  fabric.hosts.Create(leaves * hostsPerLeaf);
  fabric.leaves.Create(leaves);
  fabric.spines.Create(spines);
  InternetStackHelper internet;
  internet.SetRoutingHelper(Ipv4StaticRoutingHelper());
  internet.SetIpv6StackInstall(false);
  internet.InstallAll();
  for (uint32_t l = 0; l < leaves; l++) {
    for (uint32_t h = 0; h < hostsPerLeaf; h++) {
      Ptr<Node> host = fabric.hosts.Get(l * hostsPerLeaf + h);
      Join(fabric, host, fabric.leaves.Get(l), Dotted(10, l, h, 0));
      Route(host, "0.0.0.0", "0.0.0.0", Dotted(10, l, h, 2), 1);
    }
  }
  const std::string byHost = Dotted(0, 0, spines - 1, 0);
  for (uint32_t l = 0; l < leaves; l++) {
    for (uint32_t s = 0; s < spines; s++) {
      Join(fabric, fabric.leaves.Get(l), fabric.spines.Get(s), Dotted(172, 16 + l, s, 0));
      Route(fabric.leaves.Get(l), Dotted(0, 0, s, 0), byHost.c_str(), Dotted(172, 16 + l, s, 2),
            1 + hostsPerLeaf + s);
      Route(fabric.spines.Get(s), Dotted(10, l, 0, 0), "255.255.0.0",
            Dotted(172, 16 + l, s, 1), 1 + l);
    }
  }

  std::vector<uint32_t> order(fabric.hosts.GetN());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937(1));
  ApplicationContainer sinks;
  for (size_t i = 0; i < order.size(); i++) {
    uint32_t to = order[(i + 1) % order.size()];
    InetSocketAddress address(
        Dotted(10, to / hostsPerLeaf, to % hostsPerLeaf, 1).c_str(), 9);
    BulkSendHelper source("ns3::TcpSocketFactory", address);
    source.SetAttribute("MaxBytes", UintegerValue(kFlowBytes));
    source.SetAttribute("SendSize", UintegerValue(kSegment));
    source.Install(fabric.hosts.Get(order[i])).Start(Seconds(0));
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 9));
    sinks.Add(sink.Install(fabric.hosts.Get(to)));
  }

  auto started = std::chrono::steady_clock::now();
  Simulator::Stop(Seconds(1));
  Simulator::Run();
  double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();

  uint64_t received = 0;
  for (uint32_t i = 0; i < sinks.GetN(); i++) {
    received += DynamicCast<PacketSink>(sinks.Get(i))->GetTotalRx();
  }
  if (received != kFlowBytes * fabric.hosts.GetN()) {
    std::cerr << "only " << received << " bytes arrived\n";
    return 1;
  }
  uint64_t hops = Hops(fabric.devices);
  std::cout << hops << " packet-hops in " << seconds << " s\n" << hops / seconds << std::endl;
  Simulator::Destroy();
  return 0;
}
