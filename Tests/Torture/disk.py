"""A file system in a file, of which one can see what a power cut would leave."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

MAKERS = {"ext4": ("mkfs.ext4", "-q"), "btrfs": ("mkfs.btrfs", "-q"), "xfs": ("mkfs.xfs", "-q")}
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"


def maker(system):
    return shutil.which(MAKERS[system][0], path=PATH)


def reason_against(system="ext4"):
    """Why this machine cannot do it; None if it can."""
    if os.geteuid() != 0:
        return "it takes root"
    if not Path("/dev/loop-control").exists():
        return "there are no loop devices"
    if not maker(system):
        return f"{MAKERS[system][0]} is not installed"
    with open("/proc/filesystems") as known:
        if system not in known.read().split() and subprocess.run(["modprobe", system], capture_output=True).returncode != 0:
            return f"the kernel has no {system}"
    try:
        with tempfile.TemporaryDirectory() as folder, Disk(folder, system):
            return None
    except OSError as error:  # such as in a container that may not mount
        return str(error)


def run(*words):
    done = subprocess.run(words, env={"PATH": PATH}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise OSError(f"{words}: {done.stdout.decode(errors='replace').strip()}")


class Disk:
    """Mounted at `mounted` while the context lasts."""

    def __init__(self, folder, system="ext4", megabytes=700):
        self.folder, self.system = Path(folder), system
        self.image, self.mounted, self.after = (self.folder / name for name in ("image", "mounted", "after"))
        self.megabytes = megabytes

    def __enter__(self):
        for place in (self.mounted, self.after):
            place.mkdir()
        run("truncate", "-s", f"{self.megabytes}M", str(self.image))
        run(maker(self.system), *MAKERS[self.system][1:], str(self.image))
        run("mount", "-o", "loop", str(self.image), str(self.mounted))
        return self

    def __exit__(self, *_):
        run("umount", str(self.mounted))

    def cut(self):
        """What the disk has now, without what the kernel still holds in memory. Mounted at `after` while the
        context lasts."""
        return Cut(self)


class Cut:
    def __init__(self, disk):
        self.disk, self.copy = disk, disk.folder / "copy"
        # NB: read past the loop device: its dirty pages are in the cache of the file system within, not of the image.
        run("cp", "--sparse=always", str(disk.image), str(self.copy))

    def __enter__(self):
        options = "loop,nouuid" if self.disk.system == "xfs" else "loop"
        run("mount", "-o", options, str(self.copy), str(self.disk.after))
        return self.disk.after

    def __exit__(self, *_):
        run("umount", str(self.disk.after))
        self.copy.unlink()
