#!/usr/bin/env bash
# Weft's packet engine against ns-3 on the same leaf-spine, one core, in turn, in one sitting.
#
#   apt-get install g++ pkg-config libns3-dev
#   ./mvnw -DskipTests package
#   src/test/peers/ns3.sh [ROUNDS]
#
# 128 hosts, 8 leaves, 16 spines, 100 Gb/s, 1 us of cable, a random cycle of 2 MB flows. What is
# counted is packet-hops, data and acknowledgements, one a port left, a second of the run alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

rounds=${1:-3}
peer=target/peers/leaf_spine
mkdir -p target/peers
g++ -O3 -std=c++17 src/test/peers/leaf_spine.cc -o "$peer" $(pkg-config --cflags ns3-core) \
  -lns3-applications -lns3-core -lns3-internet -lns3-network -lns3-point-to-point -lns3-traffic-control

core=$(($(nproc) - 1))
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for ((i = 0; i < rounds; i++)); do
  taskset -c "$core" "$java" -Xmx1g -cp 'target/test-classes:target/classes:target/lib/*' \
    weft.engine.packet.PacketEngineSpeed leaf-spine 6 | tail -1 |
    sed -E 's/.* ([0-9.]+) M hops\/s.*/\1e6/' >>target/peers/weft.$$
  taskset -c "$core" "$peer" | tail -1 >>target/peers/ns3.$$
done
weft=$(median <target/peers/weft.$$)
ns3=$(median <target/peers/ns3.$$)
rm target/peers/weft.$$ target/peers/ns3.$$
awk -v a="$weft" -v b="$ns3" \
  'BEGIN { printf "packet-hops a second, one core: Weft %.3g, ns-3 %.3g, ratio %.0f\n", a, b, a / b }'
