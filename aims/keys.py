"""The installation's Ed25519 signing key: from the environment, else a file made on first start. Rotation keeps the chain."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from aims.models import SealKey


def key_file() -> Path:
    return Path(settings.SEAL_KEY_FILE)


def signing_key() -> Ed25519PrivateKey:
    """The private key in force: SEAL_KEY (PEM text), else SEAL_KEY_FILE, made when it is missing."""
    if settings.SEAL_KEY:
        return _parse(settings.SEAL_KEY.encode())
    if not key_file().exists():
        _store(Ed25519PrivateKey.generate())
    return _parse(key_file().read_bytes())


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def current(key: Ed25519PrivateKey) -> SealKey:
    """The row of this key; the installation's first key is introduced by itself."""
    found = SealKey.objects.filter(public=public_hex(key)).first()
    if found is not None:
        return found
    if SealKey.objects.exists():
        raise RuntimeError("This signing key is unknown here. Introduce a new key with `manage.py rotate_seal_key`.")
    return SealKey.objects.create(public=public_hex(key))


def rotate() -> SealKey:
    """Make a new key, let the old one vouch for it, use it from now on. The old file stays beside it."""
    if settings.SEAL_KEY:
        raise RuntimeError("The key comes from SEAL_KEY; introduce the next one by SEAL_KEY_FILE.")
    old, new = signing_key(), Ed25519PrivateKey.generate()
    current(old)
    vouched = old.sign(public_hex(new).encode()).hex()
    key_file().rename(key_file().with_suffix(f".{public_hex(old)[:8]}.pem"))
    _store(new)
    return SealKey.objects.create(public=public_hex(new), vouched=vouched)


def signed_by(public: str, signature: str, data: bytes) -> bool:
    """Whether the key signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _parse(pem: bytes) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise RuntimeError("The seal key must be an Ed25519 private key in PEM.")
    return key


def _store(key: Ed25519PrivateKey) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key_file().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(key_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
