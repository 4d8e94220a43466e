// The cases of weft.engine.flow.FlowEngineSpeed in SimGrid: flows over a two-level 1:1 fat-tree, and
// a ring AllReduce. Prints the makespan, and the time that building and simulating took.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

namespace sg4 = simgrid::s4u;

static constexpr double RATE = 100e9 / 8; // bytes a second

struct Flow {
  int source, destination;
  double bytes;
};

// The flows that FlowEngineSpeed prints: source destination bytes, one in a line.
static std::vector<Flow> read(const char* file) {
  std::vector<Flow> flows;
  std::ifstream in(file);
  Flow flow{};
  while (in >> flow.source >> flow.destination >> flow.bytes)
    flows.push_back(flow);
  return flows;
}

static std::vector<sg4::Link*> links(sg4::NetZone* zone, const char* name, int count, double latency) {
  std::vector<sg4::Link*> made;
  for (int i = 0; i < count; i++)
    made.push_back(zone->create_link(name + std::to_string(i), RATE)->set_latency(latency)->seal());
  return made;
}

static void route(sg4::NetZone* zone, sg4::Host* from, sg4::Host* to, const std::vector<sg4::Link*>& over) {
  std::vector<sg4::LinkInRoute> way(over.begin(), over.end());
  zone->add_route(from->get_netpoint(), to->get_netpoint(), nullptr, nullptr, way, false);
}

int main(int argc, char** argv) {
  auto start = std::chrono::steady_clock::now();
  sg4::Engine engine(&argc, argv);
  std::string what = argv[1];
  int n = std::atoi(argv[2]);
  int count = what == "tree" ? n * n : n;
  auto* zone = sg4::create_full_zone("zone");
  std::vector<sg4::Host*> hosts;
  for (int i = 0; i < count; i++)
    hosts.push_back(zone->create_host("h" + std::to_string(i), 1e9)->seal());
  auto up = links(zone, "up", count, 1e-6);
  auto down = links(zone, "down", count, 1e-6);
  std::vector<Flow> flows;
  if (what == "tree") {
    auto spineUp = links(zone, "spineUp", count, 1e-6);
    auto spineDown = links(zone, "spineDown", count, 1e-6);
    flows = read(argv[3]);
    std::vector<std::vector<bool>> known(count, std::vector<bool>(count));
    for (const Flow& f : flows) {
      if (known[f.source][f.destination])
        continue;
      known[f.source][f.destination] = true;
      int from = f.source / n, to = f.destination / n, spine = (f.source + f.destination) % n;
      if (from == to)
        route(zone, hosts[f.source], hosts[f.destination], {up[f.source], down[f.destination]});
      else
        route(zone, hosts[f.source], hosts[f.destination],
              {up[f.source], spineUp[from * n + spine], spineDown[spine * n + to], down[f.destination]});
    }
  } else {
    for (int r = 0; r < n; r++)
      route(zone, hosts[r], hosts[(r + 1) % n], {up[r], down[(r + 1) % n]});
  }
  zone->seal();
  if (what == "tree") {
    sg4::Actor::create("main", hosts[0], [&] {
      std::vector<sg4::CommPtr> all;
      for (const Flow& f : flows)
        all.push_back(sg4::Comm::sendto_async(hosts[f.source], hosts[f.destination], f.bytes));
      for (auto& comm : all)
        comm->wait();
    });
  } else {
    for (int r = 0; r < n; r++)
      sg4::Actor::create("rank", hosts[r], [&, r] {
        static int token;
        auto* in = sg4::Mailbox::by_name(std::to_string(r));
        auto* out = sg4::Mailbox::by_name(std::to_string((r + 1) % n));
        for (int step = 0; step < 2 * (n - 1); step++) {
          int* got = nullptr;
          auto put = out->put_async(&token, 1000000000 / n);
          auto get = in->get_async<int>(&got);
          get->wait();
          put->wait();
        }
      });
  }
  engine.run();
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%s %d: %.3f s, makespan %.6f s\n", what.c_str(), n, took.count(), sg4::Engine::get_clock());
}
