#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the samples of golden/archive and golden/compressed anew: same bytes each time, all words our own."""
import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile

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
    header[0:len(name)] = name.encode()
    header[100:108], header[108:116], header[116:124] = b"000644 \0", b"000000 \0", b"000000 \0"
    header[124:136], header[136:148] = b"%011o " % len(data), b"%011o " % SECONDS
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + data + bytes(-len(data) % 512 + 1024)


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
