#!/bin/sh
# PID 1 of a user-mode kernel whose root is the host's, read-only. The kernel's command line gives
# project (the working directory), node, file (the test) and exchange (a folder of the host).
# shellcheck disable=SC2154
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=755 run /run
# A project that itself lies below /tmp is held while /tmp is covered, and put back.
mkdir -p /run/lab/project
mount --bind "$project" /run/lab/project
mount -t tmpfs -o mode=1777 tmp /tmp
[ -d "$project" ] || {
  mkdir -p "$project"
  mount --bind /run/lab/project "$project"
}
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup

mkdir -p /run/lab/exchange /run/lab/bin /run/lab/lib/modules
mount -t hostfs -o "$exchange" exchange /run/lab/exchange

# A user-mode kernel that restarts begins anew in the same process. Results are of its first life.
if [ -e /run/lab/exchange/booted ]; then
  echo >/run/lab/exchange/restarted
  sync
  exec busybox poweroff -f
fi

# /lib/modules of the host holds another kernel's modules, if any. Commands find this modprobe by
# PATH, and the kernel by its setting: `ip link add type dummy` loads what it needs.
ln -s "/usr/lib/uml/modules/$(uname -r)" /run/lab/lib/modules/
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/lab "$@"\n' >/run/lab/bin/modprobe
chmod +x /run/lab/bin/modprobe
echo /run/lab/bin/modprobe >/proc/sys/kernel/modprobe

export PATH="/run/lab/bin:${node%/*}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export HOME=/tmp
# A module here, and everybody expects it.
modprobe ipv6

hostname uml
ip link set lo up
cd "$project" || echo "the lab: no folder $project"

cut -d' ' -f1 /proc/uptime >/run/lab/exchange/booted
"$node" tests/lab/uml/inside.ts "$file" /run/lab/exchange/events
echo "$?" >/run/lab/exchange/exit
sync
busybox poweroff -f
