"""Reads zip files byte by byte, trusting nothing they say about themselves.

Not the standard library's `zipfile`: it reads overlapping entries (a bomb of ten kilobytes), builds an object for
each of a hundred thousand members before anybody can refuse, and reads past what a member was said to be.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from .names import Names, refuse_unsafe
from .policy import MB, Policy
from .refusals import Refused

CHUNK = 256 * 1024
END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END_SIGNATURE, CENTRAL_SIGNATURE, LOCAL_SIGNATURE = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
LONGEST_COMMENT = 0xFFFF
# A value that does not fit is in an extra field of this kind.
IN_EXTRA, EXTRA_SIZES = 0xFFFFFFFF, 1
STORED, DEFLATED = 0, 8
# Encrypted, strongly encrypted, names hidden.
LOCKED = 1 << 0 | 1 << 6 | 1 << 13
NAMES_IN_UTF8 = 1 << 11
# A central directory of more than this per member is no list of files.
DIRECTORY_BYTES_PER_MEMBER = 1024


@dataclass(frozen=True)
class Member:
    """A file in the archive. Sizes in bytes, as declared: reading it holds it to them."""

    path: str
    size: int
    packed: int
    crc: int
    deflated: bool
    raw_name: bytes
    start: int


class Archive:
    """The files of a zip archive, checked against a policy when it is opened; reading them checks each byte.

    `Refused` says what is wrong. Nothing is kept in memory but the list of members.
    """

    def __init__(self, file: BinaryIO, policy: Policy) -> None:
        self._file, self._policy = file, policy
        self._length = file.seek(0, 2)
        if self._length > policy.archive_bytes:
            raise Refused("archive_too_large", most=policy.archive_bytes // MB)
        self.ignored: list[str] = []
        self.members = list(self._directory())
        self._refuse_overlaps()

    def chunks(self, member: Member) -> Iterator[bytes]:
        """The bytes of a member, in pieces. `Refused` as soon as they are not what the archive said of them."""
        self._file.seek(self._data_start(member))
        read, crc = 0, 0
        for piece in self._unpacked(member):
            read += len(piece)
            crc = zlib.crc32(piece, crc)
            if read > member.size:
                raise Refused("false_size", path=member.path)
            yield piece
        if read != member.size or crc != member.crc:
            raise Refused("false_size", path=member.path)

    def read(self, member: Member, *, most: int) -> bytes:
        """All of a member of at most so many bytes."""
        if member.size > most:
            raise Refused("member_too_large", path=member.path, most=f"{most / MB:g}")
        return b"".join(self.chunks(member))

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        left = member.packed
        unpack = zlib.decompressobj(-zlib.MAX_WBITS) if member.deflated else None
        while left:
            packed = self._file.read(min(CHUNK, left))
            if not packed:
                raise Refused("truncated", path=member.path)
            left -= len(packed)
            if unpack is None:
                yield packed
                continue
            try:
                while packed and not unpack.eof:
                    if piece := unpack.decompress(packed, CHUNK):
                        yield piece
                    packed = unpack.unconsumed_tail
            except zlib.error:
                raise Refused("false_size", path=member.path) from None
        if unpack is not None:
            # What was held back by the limit on pieces comes out here, a piece's worth at most.
            if piece := unpack.flush():
                yield piece
            if not unpack.eof or unpack.unused_data:
                raise Refused("false_size", path=member.path)

    def _directory(self) -> Iterator[Member]:
        """The members by the central directory, each checked before the next is looked at."""
        policy = self._policy
        start, length, count = self._find_directory()
        if count > policy.members or length > policy.members * DIRECTORY_BYTES_PER_MEMBER:
            raise Refused("too_many", most=policy.members)
        self._directory_start = start
        self._file.seek(start)
        directory = self._file.read(length)
        names, total, at = Names(), 0, 0
        for _number in range(count):
            fields, raw_name, extra, at = _central_entry(directory, at)
            path = _decode(raw_name, utf8=bool(fields.flags & NAMES_IN_UTF8))
            is_folder = path.endswith("/")
            refuse_unsafe(
                path.rstrip("/") if path != "/" else path, longest=policy.path_length, deepest=policy.depth
            )
            _refuse_odd(fields, path, is_folder=is_folder)
            size, packed, offset = _sizes(fields, extra)
            if is_folder:
                if size:
                    raise Refused("false_size", path=path)
                continue
            if policy.ignores(path):
                self.ignored.append(path)
                continue
            names.add(path)
            policy.judge(path)
            if size > policy.member_bytes:
                raise Refused("member_too_large", path=path, most=policy.member_bytes // MB)
            total += size
            if max(size - packed * policy.ratio, total - self._length * policy.ratio) > policy.ratio_from:
                raise Refused("ratio", path=path)
            if total > policy.total_bytes:
                raise Refused("total_too_large", most=policy.total_bytes // MB)
            deflated = fields.method == DEFLATED
            if not deflated and size != packed:
                raise Refused("false_size", path=path)
            yield Member(path, size, packed, fields.crc, deflated, raw_name, offset)
        if at != length:
            raise Refused("not_a_zip")

    def _find_directory(self) -> tuple[int, int, int]:
        """Start, length and number of entries of the central directory."""
        tail_start = max(0, self._length - END.size - LONGEST_COMMENT)
        self._file.seek(tail_start)
        tail = self._file.read(END.size + LONGEST_COMMENT)
        at = len(tail)
        while (at := tail.rfind(END_SIGNATURE, 0, at)) >= 0:
            if at + END.size > len(tail):
                continue
            _signature, disk, first_disk, here, count, length, start, comment = END.unpack_from(tail, at)
            if at + END.size + comment != len(tail):
                continue
            if disk or first_disk or here != count or start + length > tail_start + at:
                break
            return start, length, count
        raise Refused("not_a_zip")

    def _data_start(self, member: Member) -> int:
        """Where a member's bytes begin, by its own header, which must name the same file."""
        self._file.seek(member.start)
        header = self._file.read(LOCAL.size)
        if len(header) < LOCAL.size or not header.startswith(LOCAL_SIGNATURE):
            raise Refused("truncated", path=member.path)
        fields = LOCAL.unpack(header)
        flags, method, name_length, extra_length = fields[2], fields[3], fields[9], fields[10]
        if flags & LOCKED:
            raise Refused("encrypted", path=member.path)
        if (method == DEFLATED) != member.deflated or self._file.read(name_length) != member.raw_name:
            raise Refused("false_size", path=member.path)
        return member.start + LOCAL.size + name_length + extra_length

    def _refuse_overlaps(self) -> None:
        """Every byte belongs to one member at most: otherwise a few kilobytes unpack to gigabytes."""
        end = 0
        for member in sorted(self.members, key=lambda member: member.start):
            if member.start < end:
                raise Refused("overlap")
            end = self._data_start(member) + member.packed
            if end > self._directory_start:
                raise Refused("overlap")


@dataclass(frozen=True)
class _Fields:
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int


def _central_entry(directory: bytes, at: int) -> tuple[_Fields, bytes, bytes, int]:
    """An entry's fields, its name as it stands there, its extra fields, and where the next one begins."""
    if at + CENTRAL.size > len(directory) or directory[at : at + 4] != CENTRAL_SIGNATURE:
        raise Refused("not_a_zip")
    (
        _signature, _made_by, _needs, flags, method, _time, _date, crc, packed, size,
        name_length, extra_length, comment_length, _disk, _inside, outside, offset,
    ) = CENTRAL.unpack_from(directory, at)  # fmt: skip
    at += CENTRAL.size
    name, extra = (
        directory[at : at + name_length],
        directory[at + name_length : at + name_length + extra_length],
    )
    at += name_length + extra_length + comment_length
    if at > len(directory):
        raise Refused("not_a_zip")
    return _Fields(flags, method, crc, packed, size, outside >> 16, offset), name, extra, at


def _refuse_odd(fields: _Fields, path: str, *, is_folder: bool) -> None:
    """Locked, packed in an odd way, or no ordinary file."""
    if fields.flags & LOCKED:
        raise Refused("encrypted", path=path)
    if fields.method not in {STORED, DEFLATED}:
        raise Refused("compression", path=path)
    kind = stat.S_IFMT(fields.mode)
    if kind and kind != (stat.S_IFDIR if is_folder else stat.S_IFREG):
        raise Refused("link", path=path)


def _sizes(fields: _Fields, extra: bytes) -> tuple[int, int, int]:
    """Size, packed size and offset; those that do not fit their field are in an extra one, in this order."""
    values = [fields.size, fields.packed, fields.offset]
    if IN_EXTRA not in values:
        return fields.size, fields.packed, fields.offset
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        at += 4
        if kind == EXTRA_SIZES:
            wanted = [index for index, value in enumerate(values) if value == IN_EXTRA]
            if length < 8 * len(wanted) or at + length > len(extra):
                break
            for index, value in zip(wanted, struct.unpack_from(f"<{len(wanted)}Q", extra, at), strict=True):
                values[index] = value
            return values[0], values[1], values[2]
        at += length
    raise Refused("not_a_zip")


def _decode(raw: bytes, *, utf8: bool) -> str:
    """A name. Many programs write UTF-8 without saying so; what is not UTF-8 is what zip began with."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if utf8:
            raise Refused("path", path=raw.decode("utf-8", "replace")) from None
        return raw.decode("cp437")
