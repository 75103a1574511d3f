"""Linux system calls that Python has no function for.

All raise ``OSError``. Numbers and structures are those of the kernel's user-space headers.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterator

CLONE_NEWNS = 0x0002_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000
_MNT_DETACH = 2
_MADV_DONTNEED = 4
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 24, 36, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x2008_0522

# Landlock's accesses to files
LANDLOCK_EXECUTE, LANDLOCK_WRITE_FILE, LANDLOCK_READ_FILE, LANDLOCK_READ_DIR = 1, 2, 4, 8
LANDLOCK_TRUNCATE = 0x4000
# all that each version of Landlock can forbid: accesses to files, to TCP, to processes outside
_LANDLOCK_FILES = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 5: 0xFFFF}  # the last: commands to devices
_LANDLOCK_TCP = {4: 3}  # bind and connect
_LANDLOCK_OUTSIDE = {6: 3}  # abstract sockets and signals
LANDLOCK_OF_FILES = LANDLOCK_EXECUTE | LANDLOCK_WRITE_FILE | LANDLOCK_READ_FILE | LANDLOCK_TRUNCATE

# numbers of system calls that are the same on all architectures
_SYS_MOUNT_SETATTR = 442
_SYS_LANDLOCK_CREATE_RULESET = 444
_SYS_LANDLOCK_ADD_RULE = 445
_SYS_LANDLOCK_RESTRICT_SELF = 446
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _syscall(what: str, number: int, *args: object) -> int:
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    _libc.syscall.restype = ctypes.c_long
    return _checked(_libc.syscall(ctypes.c_long(number), *wide), what)


def _prctl(what: str, option: int, *args: int | ctypes.c_void_p) -> None:
    padded = [*args, 0, 0, 0, 0][:4]
    wide = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded]
    _checked(_libc.prctl(ctypes.c_int(option), *wide), what)


def unshare(flags: int) -> None:
    """Move this process (its children, for CLONE_NEWPID) into new namespaces."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def release_pages(address: int, size: int) -> None:
    """Give back pages of a file that is mapped and was not written to; using them reads them again."""
    pages = ctypes.c_void_p(address), ctypes.c_size_t(size)
    _checked(_libc.madvise(*pages, ctypes.c_int(_MADV_DONTNEED)), "madvise")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or bind one with ``MS_BIND``."""
    _checked(
        _libc.mount(
            source.encode(),
            target.encode(),
            kind.encode() or None,
            ctypes.c_ulong(flags),
            options.encode() or None,
        ),
        f"mount {target}",
    )


def make_read_only(target: str, devices: bool = False) -> None:
    """Make a mount and all below it read-only, without setuid and, unless asked, without devices.

    A device can be written to nevertheless; its times and mode cannot be changed.
    """
    flags = _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | (0 if devices else _MOUNT_ATTR_NODEV)
    attributes = ctypes.create_string_buffer(struct.pack("=QQQQ", flags, 0, 0, 0), 32)
    path = ctypes.c_char_p(target.encode())
    _syscall(
        f"mount_setattr {target}",
        _SYS_MOUNT_SETATTR,
        _AT_FDCWD,
        path,
        _AT_RECURSIVE,
        attributes,
        32,
    )


def make_read_only_here() -> None:
    """Make the root of this mount namespace read-only, but not the mounts below it."""
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV
    mount("none", "/", flags=flags)


def enter_root(folder: str) -> None:
    """Make ``folder``, a mount, the root of this mount namespace and detach the old root."""
    os.chdir(folder)
    here = ctypes.c_char_p(b".")
    _syscall("pivot_root", _SYS_PIVOT_ROOT[os.uname().machine], here, here)
    _checked(_libc.umount2(b".", ctypes.c_int(_MNT_DETACH)), "umount2")
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up every capability, irrevocably."""
    number = 0
    while True:
        try:
            _prctl("PR_CAPBSET_DROP", _PR_CAPBSET_DROP, number)
        except OSError:
            break  # past the last capability that this kernel knows, or not held
        number += 1
    _prctl("PR_CAP_AMBIENT", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), 8)
    nothing = ctypes.create_string_buffer(24)
    _checked(_libc.capset(header, nothing), "capset")


def set_no_new_privileges() -> None:
    """Keep programs that are started from here from gaining rights, e.g. by a setuid bit."""
    _prctl("PR_SET_NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def set_dumpable() -> None:
    """Let this process read its own files in /proc, which a change of user prevents."""
    _prctl("PR_SET_DUMPABLE", _PR_SET_DUMPABLE, 1)


@contextlib.contextmanager
def file_rights_of(user: int, group: int) -> Iterator[None]:
    """Open files, those in /proc among them, with the rights of a user; needs root.

    All else of this process stays as it is: that user can neither signal nor trace it.
    """
    before = os.geteuid(), os.getegid()
    _set_file_rights(user, group)
    try:
        yield
    finally:
        _set_file_rights(*before)


def _set_file_rights(user: int, group: int) -> None:
    for call, number in ((_libc.setfsgid, group), (_libc.setfsuid, user)):
        call(ctypes.c_uint(number))
        if call(ctypes.c_uint(number)) != number:  # it returns the id before, and no errors
            raise PermissionError(f"{call.__name__}: not allowed")


def die_with_parent(signal: int) -> None:
    """Have the kernel send ``signal`` to this process when its parent ends."""
    _prctl("PR_SET_PDEATHSIG", _PR_SET_PDEATHSIG, signal)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends."""
    _prctl("PR_SET_CHILD_SUBREAPER", _PR_SET_CHILD_SUBREAPER, 1)


def install_seccomp(program: bytes) -> None:
    """Install a filter of system calls (classic BPF, 8 bytes an instruction)."""
    code = ctypes.create_string_buffer(program, len(program))
    pointer = ctypes.addressof(code)
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, pointer), 16)
    address = ctypes.c_void_p(ctypes.addressof(header))
    _prctl("PR_SET_SECCOMP", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, address)


def landlock_version() -> int:
    """Return the version of Landlock that the kernel offers, 0 if none."""
    try:
        return _syscall("landlock", _SYS_LANDLOCK_CREATE_RULESET, ctypes.c_void_p(None), 0, 1)
    except OSError:
        return 0


def landlock_file_accesses() -> int:
    """Return all accesses to files that the kernel's Landlock can forbid."""
    return _newest(_LANDLOCK_FILES, landlock_version())


def _newest(by_version: dict[int, int], version: int) -> int:
    return max((bits for since, bits in by_version.items() if since <= version), default=0)


def landlock_ruleset() -> int:
    """Return a descriptor of a new ruleset that forbids all that the kernel's Landlock can.

    Beside files: TCP (Linux 6.7), commands to devices (6.10), and signals and abstract sockets to
    processes outside (6.12).
    """
    version = landlock_version()
    tables = _LANDLOCK_FILES, _LANDLOCK_TCP, _LANDLOCK_OUTSIDE
    # an older kernel takes a longer structure, too, where what it does not know is 0
    attributes = struct.pack("=QQQ", *(_newest(table, version) for table in tables))
    room = ctypes.create_string_buffer(attributes, len(attributes))
    return _syscall(
        "landlock_create_ruleset", _SYS_LANDLOCK_CREATE_RULESET, room, len(attributes), 0
    )


def landlock_allow(ruleset: int, path: str, allowed: int) -> None:
    """Allow ``allowed`` accesses at and below ``path``."""
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, fd), 12)
        _syscall("landlock_add_rule", _SYS_LANDLOCK_ADD_RULE, ruleset, 1, rule, 0)
    finally:
        os.close(fd)


def landlock_enter(ruleset: int) -> None:
    """Apply a ruleset to this process, irrevocably; ``set_no_new_privileges`` comes first."""
    _syscall("landlock_restrict_self", _SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
