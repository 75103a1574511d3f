"""The filter of system calls: it forbids what no notebook needs and an attack does.

Forbidden calls fail with EPERM, as if the kernel did not allow them, or with ENOSYS, as if it did not
have them and the program were to do without: honest code gets an exception and is never killed. Locks
by ``fcntl`` succeed without being taken. The numbers are those of the kernel's table for each
architecture; ``tests/unit/test_seccomp.py`` compares them with libseccomp's.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Sequence

# (x86_64, aarch64); None if the architecture has no such call
_FORBIDDEN: dict[str, tuple[int | None, int | None]] = {
    # the network, and sockets of other programs; pairs within a notebook stay allowed
    "socket": (41, 198),
    "bind": (49, 200),
    "connect": (42, 203),
    "listen": (50, 201),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "perf_event_open": (298, 241),
    # other views of the machine
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "open_tree_attr": (467, 467),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # memory that belongs to no process or outlives it, and so escapes the limits
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "vmsplice": (278, 75),
    "splice": (275, 76),
    "tee": (276, 77),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # calls that make other calls, which this filter does not see
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # parts of the kernel in which most of its vulnerabilities are found
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "fanotify_init": (300, 262),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    # the machine itself
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}
# by these, notebooks could talk to each other over files and devices that they share, or the kernel
# says which pages of such a file somebody has read
_MISSING: dict[str, tuple[int | None, int | None]] = {
    "flock": (73, 32),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "preadv2": (327, 286),
    "io_setup": (206, 0),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "clone3": (435, 435),  # its flags are behind a pointer; libc then uses clone
}
_FCNTL = (72, 25)
# Its other commands tell of locks, leases and events of a shared file. F_GETLK stays: it knows of no
# lock, since none is taken.
_FCNTL_COMMANDS = (
    *range(6),  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK
    *(8, 9, 10, 11, 15, 16, 17),  # who gets a signal when there is something to read
    *(1027, 1028, 1030),  # F_DUPFD_QUERY, F_CREATED_QUERY, F_DUPFD_CLOEXEC
    *(1031, 1032, 1033, 1034),  # sizes of pipes, seals
)
_FCNTL_LOCKS = (6, 7)  # F_SETLK and F_SETLKW; everybody could lock a part of /dev/null
_CLONE = (56, 220)
_SOCKETPAIR = (53, 199)
_SETSOCKOPT = (54, 208)
_BUFFER_OPTIONS = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and both with FORCE
_AF_UNIX = 1  # TIPC makes pairs, too
_OF_PAIRS = (1, 5)  # SOCK_STREAM and SOCK_SEQPACKET; others can send to others than the pair's
_CLONE_FORBIDDEN = 0x7E02_8000  # all CLONE_NEW* flags; CLONE_PARENT, which gives others children
_X32 = 0x4000_0000  # from here on, x86_64 has a second table of numbers

_AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _MASK, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_NUMBER, _ARCH = 0, 4  # offsets in struct seccomp_data
_FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 16, 24, 32  # their lower halves
_KILL, _ALLOW, _ERRNO = 0x8000_0000, 0x7FFF_0000, 0x0005_0000

_Line = tuple[int, int, int, int]


def make_filter() -> bytes:
    """Return the filter for this machine, as a program of the kernel's packet filter (BPF).

    Raises:
        OSError: there is no table for this architecture.
    """
    machine = os.uname().machine
    if machine not in _AUDIT_ARCH:
        raise OSError(errno.ENOSYS, f"there is no table of system calls for {machine}")
    column = list(_AUDIT_ARCH).index(machine)
    refuse = _fail(errno.EPERM)
    lines = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),  # e.g. 32-bit calls, whose numbers mean other calls
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        refuse,
    ]
    for table, code in ((_FORBIDDEN, errno.EPERM), (_MISSING, errno.ENOSYS)):
        numbers = [n for row in table.values() if (n := row[column]) is not None]
        lines += [line for n in numbers for line in ((_EQUAL, 0, 1, n), _fail(code))]
    lines += _call(
        _FCNTL[column],
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        *_any_of(_FCNTL_LOCKS, _fail(0)),
        *_any_of(_FCNTL_COMMANDS, (_RETURN, 0, 0, _ALLOW)),
        _fail(errno.EINVAL),
    )
    lines += _call(
        _SOCKETPAIR[column],
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _AF_UNIX),
        refuse,
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        (_MASK, 0, 0, 0xF),
        *_any_of(_OF_PAIRS, (_RETURN, 0, 0, _ALLOW)),
        refuse,
    )
    lines += _call(
        _SETSOCKOPT[column],
        (_LOAD, 0, 0, _THIRD_ARGUMENT),
        *_any_of(_BUFFER_OPTIONS, refuse),
    )
    lines += _call(
        _CLONE[column],
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _CLONE_FORBIDDEN),
        refuse,
    )
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _fail(code: int) -> _Line:
    """Return the line that ends a call with an error, or with success that does nothing for 0."""
    return _RETURN, 0, 0, _ERRNO | code


def _any_of(values: Sequence[int], then: _Line) -> list[_Line]:
    """Return the lines that end with ``then`` if what is loaded is one of ``values``."""
    return [line for value in values for line in ((_EQUAL, 0, 1, value), then)]


def _call(number: int, *lines: _Line) -> list[_Line]:
    """Return the lines that look at the arguments of one call; what they do not end is allowed."""
    ending = (_RETURN, 0, 0, _ALLOW)
    return [(_EQUAL, 0, len(lines) + 1, number), *lines, ending]
