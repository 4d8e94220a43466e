#!/usr/bin/env bash
# Weft's flow engine against SimGrid on the same flows, one core, in turn, in one sitting.
#
#   apt-get install g++ libsimgrid-dev
#   ./mvnw -DskipTests package
#   src/test/peers/simgrid.sh [RUNS]
#
# 8 random flows a host on a two-level 1:1 fat-tree of 1,024 and 4,096 hosts, and a ring AllReduce of
# 1 GB on 1,024 ranks; the time is that of the whole case, building included. Both print the
# makespan, which must agree.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

runs=${1:-5}
dir=target/peers
mkdir -p "$dir"
g++ -O2 src/test/peers/simgrid.cc -o "$dir/simgrid" -lsimgrid

core=$(($(nproc) - 1))
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
weft() {
  taskset -c "$core" "$java" -Xmx1g -cp 'target/test-classes:target/classes:target/lib/*' \
    weft.engine.flow.FlowEngineSpeed "$@"
}
simgrid() {
  taskset -c "$core" timeout 120 "$dir/simgrid" "$@" --cfg=network/model:CM02 \
    --cfg=network/crosstraffic:0 --cfg=network/bandwidth-factor:1 --cfg=network/latency-factor:1 \
    --cfg=network/weight-S:0 --cfg=network/TCP-gamma:0 --cfg=maxmin/precision:1e-12 \
    --log=root.thres:critical
}

for case in 'tree 32' 'tree 64' 'ring 1024'; do
  read -r name n <<<"$case"
  weft flows "$n" >"$dir/flows"
  weft "$name" "$n" "$runs" | tail -1 | tee "$dir/weft.txt"
  if simgrid "$name" "$n" "$dir/flows" >"$dir/simgrid.txt"; then
    sed 's/^/  SimGrid /' "$dir/simgrid.txt"
    awk 'FNR == 1 { t[NR] = $3 } END { printf "  ratio %.0f\n", t[2] / t[1] }' \
      "$dir/weft.txt" "$dir/simgrid.txt"
  else
    echo "  SimGrid was not through after 120 s"
  fi
done
