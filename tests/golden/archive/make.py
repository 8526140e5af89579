#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the samples of golden/archive and golden/compressed anew: same bytes each time, all words our own."""
import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
COMPRESSED = os.path.join(HERE, "..", "compressed")
WHEN = (2021, 3, 4, 5, 6, 8)
SECONDS = 1614834368
LETTER = ("Sehr geehrte Frau Muster,\nbitte schreiben Sie an buchhaltung@muster.example.\n" * 20).encode()
TABLE = b"name,address\nAnna Muster,anna@muster.example\nBen Beispiel,ben@beispiel.example\n"


def put(folder, case, name, data):
    where = os.path.join(folder, case)
    os.makedirs(where, exist_ok=True)
    with open(os.path.join(where, name), "wb") as file:
        file.write(data)


def zipped(members, method=zipfile.ZIP_DEFLATED):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name, data in members:
            about = zipfile.ZipInfo(name, WHEN)
            about.compress_type = method
            about.external_attr = (0o40755 if name.endswith("/") else 0o100644) << 16
            archive.writestr(about, data)
    return into.getvalue()


def tarred(members, form):
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w", format=form) as archive:
        for name, data in members:
            about = tarfile.TarInfo(name)
            about.mtime = SECONDS
            if data is None:
                about.type, about.linkname = tarfile.SYMTYPE, "letter.txt"
                archive.addfile(about)
            else:
                about.size = len(data)
                archive.addfile(about, io.BytesIO(data))
    return into.getvalue()


def renamed(whole, names):
    """Names of the same length in another charset, put in place of those that zipped() wrote."""
    for name, raw in names:
        assert len(name) == len(raw) and whole.count(name.encode()) == 2
        whole = whole.replace(name.encode(), raw)
    return whole


def encrypted(data):
    """A stored member whose flags say it is encrypted; its bytes are of no matter."""
    whole = bytearray(zipped([("secret.txt", data)], zipfile.ZIP_STORED))
    directory = whole.index(b"PK\1\2")
    whole[6] |= 1
    whole[directory + 8] |= 1
    return bytes(whole)


def old_tar(name, data):
    header = bytearray(512)
    header[0:len(name)] = name.encode("latin-1")
    header[100:108], header[108:116], header[116:124] = b"000644 \0", b"000000 \0", b"000000 \0"
    header[124:136], header[136:148] = b"%011o " % len(data), b"%011o " % SECONDS
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data + bytes(-len(data) % 512 + 1024)


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


DOS_TIME = 0x52642CA3


def lha(members):
    """Stored, headers of level 0: a name as DOS has it, and nothing that says in which charset."""
    into = b""
    for name, data in members:
        head = b"-lh0-" + struct.pack("<IIIBB", len(data), len(data), DOS_TIME, 0x20, 0) + bytes([len(name)]) + name
        head += struct.pack("<H", crc16(data))
        into += bytes([len(head), sum(head) & 255]) + head + data
    return into + b"\0"


def cab(members):
    data, files, at = b"".join(data for _, data in members), b"", 0
    for name, contents in members:
        files += struct.pack("<IIHHHH", len(contents), at, 0, DOS_TIME >> 16, DOS_TIME & 0xFFFF, 0x20) + name + b"\0"
        at += len(contents)
    start = 36 + 8 + len(files)
    block = struct.pack("<IHH", 0, len(data), len(data)) + data
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, start + len(block), 0, 44, 0, 3, 1, 1, len(members), 0, 7, 0)
    return head + struct.pack("<IHH", start, 1, 0) + files + block


def rar_header(kind, flags, body):
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar(members):
    into = b"Rar!\x1a\x07\0" + rar_header(0x73, 0, bytes(6))
    for name, data in members:
        about = struct.pack("<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), DOS_TIME, 20, 0x30, len(name), 0x20)
        into += rar_header(0x74, 0x8000, about + name) + data
    return into + rar_header(0x7B, 0x4000, b"")


def main():
    members = [("papers/", b""), ("papers/letter.txt", LETTER), ("K\u00f6ln.csv", TABLE)]
    plain = zipped(members)
    put(HERE, "zip", "input.zip", plain)
    put(HERE, "zip-in-zip", "input.zip", zipped([("inner.zip", plain), ("note.txt", b"see inside\n")]))
    put(HERE, "zip-encrypted", "input.zip", encrypted(LETTER))
    russian = renamed(zipped([("1234567/1234567890.txt", LETTER), ("note.txt", b"see inside\n")]),
                      [("1234567/1234567890.txt", "\u0414\u043e\u0433\u043e\u0432\u043e\u0440/\u041f\u0440\u0438\u043b\u043e\u0436\u0435\u043d\u0438\u0435.txt".encode("cp866"))])
    japanese = renamed(zipped([("1234567890.zip", russian), ("A234567.csv", TABLE)]),
                       [("1234567890.zip", "\u5951\u7d04\u30bd\u30d5\u30c8.zip".encode("cp932")),
                        ("A234567.csv", "\uff71\u898b\u7a4d\u66f8.csv".encode("cp932"))])
    put(HERE, "zip-names", "input.zip", japanese)
    claimed = zipped([("K\u00f6ln1.csv", TABLE), ("K\u00f6ln2.csv", TABLE[:20])])
    put(HERE, "zip-names-false", "input.zip", claimed.replace("\u00f6ln1".encode(), b"\xf6ln1_"))
    dos = [("\u898b\u7a4d\u66f8_\u6771\u4eac\u652f\u5e97.txt".encode("cp932"), LETTER),
           ("\u8868\u8a08\u7b97\\\u80fd\u529b\u4e00\u89a7.csv".encode("cp932"), TABLE), (b"note.txt", b"see inside\n")]
    put(HERE, "lha-names", "input.lzh", lha(dos))
    put(HERE, "cab-names", "input.cab", cab(dos))
    put(HERE, "rar-names", "input.rar", rar(dos))
    put(HERE, "tar-names", "input.tar", old_tar("\u00dcbersicht f\u00fcr M\u00fcller.txt".encode("cp1252").decode("latin-1"), LETTER))
    damaged = bytearray(plain)
    at = plain.index(b"papers/letter.txt") + 40
    damaged[at:at + 20] = b"\xff" * 20
    put(HERE, "zip-damaged", "input.zip", bytes(damaged))
    put(HERE, "zip-truncated", "input.zip", plain[:plain.rindex(b"PK\3\4") + 60])
    files = [("letter.txt", LETTER), ("link.txt", None), ("K\u00f6ln.csv", TABLE)]
    put(HERE, "tar", "input.tar", tarred(files, tarfile.PAX_FORMAT))
    put(HERE, "tar-old", "input.tar", old_tar("letter.txt", LETTER))
    tar = tarred(files, tarfile.USTAR_FORMAT)
    put(COMPRESSED, "tar-gz", "input.tgz", gzip.compress(tar, mtime=SECONDS))
    put(COMPRESSED, "gzip", "table.csv.gz", gzip.compress(TABLE, mtime=SECONDS))
    put(COMPRESSED, "gzip-members", "table.csv.gz", gzip.compress(TABLE, mtime=SECONDS) + gzip.compress(b"x,x@y.example\n", mtime=SECONDS))
    put(COMPRESSED, "gzip-truncated", "letter.txt.gz", gzip.compress(LETTER, mtime=SECONDS)[:90])
    put(COMPRESSED, "bzip2", "table.csv.bz2", bz2.compress(TABLE))
    put(COMPRESSED, "xz", "table.csv.xz", lzma.compress(TABLE))
    put(COMPRESSED, "lzma", "table.csv.lzma", lzma.compress(TABLE, format=lzma.FORMAT_ALONE))


if __name__ == "__main__":
    main()
