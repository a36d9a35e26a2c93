#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""make_certificates.py ec|rsa FOLDER NAME...: makes an authority and the certificate of a server of these names, by openssl.

FOLDER gets ca.pem, which clients trust, certificate.pem and key.pem: ECDSA with P-256, or RSA with 2048 bits. The
authority's key is gone afterwards, so that nobody can have it sign anything else.
Sources: openssl-req(1), openssl-x509(1), RFC 5280, 4.2.1."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DAYS = "3650"
CONFIGURATION = """[req]
prompt = no
distinguished_name = authority
[authority]
CN = Unicore {kind} authority of one build tree
[of_authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[of_server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
authorityKeyIdentifier = keyid
"""
KEYS = {"ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]}


def openssl(folder, *words):
    done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"make_certificates.py: openssl {words[0]} failed: {done.stderr.decode(errors='replace').strip()}")


def make(kind, folder, names):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.umask(0o077)  # a key is nobody else's at any time
    with tempfile.TemporaryDirectory() as scratch:
        text = CONFIGURATION.format(kind=kind, names=", ".join(f"DNS:{name}" for name in names))
        Path(scratch, "configuration").write_text(text, encoding="ascii")
        for name in ("authority.key", "key.pem"):
            openssl(scratch, "genpkey", "-algorithm", *KEYS[kind], "-out", name)
        made = ["-config", "configuration", "-new", "-sha256"]
        openssl(scratch, "req", *made, "-x509", "-days", DAYS, "-extensions", "of_authority", "-key", "authority.key",
                "-out", "ca.pem")
        openssl(scratch, "req", *made, "-subj", f"/CN={names[0]}", "-key", "key.pem", "-out", "request.pem")
        openssl(scratch, "x509", "-req", "-sha256", "-days", DAYS, "-in", "request.pem", "-CA", "ca.pem",
                "-CAkey", "authority.key", "-extfile", "configuration", "-extensions", "of_server", "-out", "certificate.pem")
        for name in ("ca.pem", "certificate.pem", "key.pem"):
            shutil.copyfile(Path(scratch, name), folder / name)
            os.chmod(folder / name, 0o600 if name == "key.pem" else 0o644)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in KEYS:
        sys.exit(__doc__)
    if not shutil.which("openssl"):
        sys.exit("make_certificates.py: no openssl here, which makes keys and certificates; ./bootstrap installs it on Debian")
    make(sys.argv[1], sys.argv[2], sys.argv[3:])
