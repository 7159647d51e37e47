#!/usr/bin/env bash
# packages.sh LIST CACHE OUT: brings the Debian packages of LIST into CACHE, checks each one's
# SHA-256 against Debian's signed index, and writes OUT: a line per package with name, version,
# sha256, file. Needs no root: apt works in folders of its own under CACHE.
#
# Where from: DIARCH_MIRROR and DIARCH_SECURITY_MIRROR, else what this machine's own apt uses.
set -euo pipefail

list=$1 cache=$2 out=$3
suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The first URI in this machine's apt sources that ends in /$1, in either of apt's formats.
mirror_of_this_machine() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
    grep -v '^ *#' | grep -oE 'https?://[^ ]+' | sed 's:/*$::' | grep -E "/$1\$" | head -n 1 || true
}

mirror=${DIARCH_MIRROR:-$(mirror_of_this_machine debian)}
security=${DIARCH_SECURITY_MIRROR:-$(mirror_of_this_machine debian-security)}
if [ -z "$mirror" ] || [ -z "$security" ]; then
  cat >&2 <<'END'
No Debian mirror: this machine's apt sources name none that ends in /debian and /debian-security.
Set DIARCH_MIRROR and DIARCH_SECURITY_MIRROR to the addresses of a Debian mirror and of its
security archive.
END
  exit 1
fi

mirror=${mirror%/} security=${security%/}
sources=("$mirror $suite" "$mirror $suite-updates" "$security $suite-security")

apt=$cache/apt
if ! reason=$({
  mkdir -p "$apt"/{state/lists/partial,archives/partial,empty} && : >"$apt/state/status"
} 2>&1); then
  {
    echo "The folder for downloads, $cache, cannot be written to:"
    echo "  ${reason%%$'\n'*}"
    echo "Name another one with --cache DIR."
  } >&2
  exit 1
fi
# Asked before, because apt may wait for ever when it cannot write.
room=$(df -Pm "$apt" | awk 'NR == 2 { print $4 }') needed=200
[ ! -e "$apt/renewed" ] || needed=60
if [ "$room" -lt $needed ]; then
  echo "The folder for downloads, $cache, has $room MB left and needs about $needed." >&2
  echo "Make room, or name another one with --cache DIR." >&2
  exit 1
fi
printf "deb [signed-by=$keyring] %s main non-free-firmware\n" "${sources[@]}" >"$apt/sources.list"
cat >"$apt/apt.conf" <<END
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
APT::Get::List-Cleanup "false";
Acquire::Languages "none";
Acquire::Retries "2";
END
export APT_CONFIG=$apt/apt.conf

# An older index is good enough when the network is not there. None at all is not, of any of the
# three: without that of the security archive an image with known holes would be built unseen.
kept='^(E: |W: (Failed to fetch|Some index files failed|An error occurred during))'
if apt-get -qq update >"$apt/update.log" 2>&1 && ! grep -qE "$kept" "$apt/update.log"; then
  touch "$apt/renewed"
else
  # shellcheck disable=SC2016 # apt is to expand it
  there=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Component: main')
  absent=()
  for source in "${sources[@]}"; do
    grep -qxF "${source/ // }" <<<"$there" || absent+=("$source")
  done
  if [ ${#absent[@]} -gt 0 ]; then
    {
      echo "Could not get the index of Debian packages from"
      printf '  %s\n' "${absent[@]/ /, }"
      echo "and the folder for downloads, $cache, has no older one. apt says:"
      grep -E '^[WE]:' "$apt/update.log" | sort -u | head -n 5 | sed 's/^/  /'
      echo "Check the network, or set DIARCH_MIRROR and DIARCH_SECURITY_MIRROR to the addresses of"
      echo "a Debian mirror and of its security archive that this machine can reach."
    } >&2
    exit 1
  fi
  of=$(date -r "$apt/renewed" '+, of %F,' 2>/dev/null || true)
  echo "  the index of packages could not be renewed; the one in the cache$of is used:" >&2
  grep -E '^[WE]:' "$apt/update.log" | sort -u | head -n 1 | sed 's/^/    /' >&2
fi

names=$(sed -e 's/ *#.*//' -e '/^ *$/d' "$list")
kernel=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
names=${names/linux-image-amd64/$kernel}

# shellcheck disable=SC2086
known=$(apt-cache --no-all-versions show $names 2>/dev/null | sed -n 's/^Package: //p' | sort -u) ||
  true
missing=$(comm -23 <(sort -u <<<"$names") - <<<"$known")
if [ -n "$missing" ]; then
  echo "Debian $suite has no package named: ${missing//$'\n'/ } (named in $list)" >&2
  exit 1
fi

# Lines: 'URI' FILE SIZE SHA256:SUM
# (In an empty folder: apt leaves out what lies in the folder where it runs.)
# shellcheck disable=SC2086
wanted=$(cd "$apt/empty" && apt-get -qq --print-uris download $names)

fine() { [ -f "$apt/archives/$1" ] && echo "$2  $apt/archives/$1" | sha256sum --check --status; }

damaged=0
get=()
while read -r _uri file _size sum; do
  fine "$file" "${sum#SHA256:}" && continue
  if [ -f "$apt/archives/$file" ]; then
    echo "  $file in the cache is damaged or cut short; it is fetched again" >&2
    rm -f "$apt/archives/$file"
    damaged=$((damaged + 1))
  fi
  get+=("${file%%_*}")
done <<<"$wanted"

if [ ${#get[@]} -gt 0 ]; then
  what="${#get[@]} packages"
  [ ${#get[@]} -gt 3 ] || what="${#get[@]} package${get[1]:+s}: ${get[*]}"
  echo "  fetching $what"
  if ! (cd "$apt/archives" && apt-get -qq download "${get[@]}") >"$apt/download.log" 2>&1; then
    {
      echo "Could not get these Debian packages: ${get[*]}"
      grep -E '^(Err|E):' "$apt/download.log" | sort -u | head -n 5 | sed 's/^/  /'
      echo "Check the network, or run once where it is reachable: what is in $cache is used again."
    } >&2
    exit 1
  fi
fi

: >"$out.new"
while read -r _uri file _size sum; do
  fine "$file" "${sum#SHA256:}" || {
    echo "$file does not have the SHA-256 that Debian's signed index states;" >&2
    echo "delete $apt and run again" >&2
    exit 1
  }
  version=${file#*_}
  version=${version%_*}
  printf '%s\t%s\t%s\t%s\n' \
    "${file%%_*}" "${version//%3a/:}" "${sum#SHA256:}" "$apt/archives/$file"
done <<<"$(sort -k2 <<<"$wanted")" >>"$out.new"
mv "$out.new" "$out"
echo "  $(wc -l <"$out") packages, checked against Debian's signed index"
