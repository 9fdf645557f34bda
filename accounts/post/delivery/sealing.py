"""A message that only one browser can open (RFC 8291), and the proof of who sends it (RFC 8292).

Written with the library that already encrypts notes. The usual package for this brings four others,
speaks HTTP in one call, and looks the name up by itself; we need the hand-off between the offer and
the giving, and a line to the very address we have checked.
"""

import base64
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
KEY_BYTES, POINT_BYTES, AUTH_BYTES, SALT_BYTES = 32, 65, 16, 16
RECORD_SIZE = 4096
LONGEST_MESSAGE = 3000  # bytes before sealing; push services take 4096 in all


def to_words(raw: bytes) -> str:
    """Base64url without padding, as browsers write keys."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_words(words: str) -> bytes:
    """Raises ValueError when it is no base64url."""
    raw = words.rstrip("=")
    return base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True)


def private_key(words: str) -> ec.EllipticCurvePrivateKey:
    """The clinic's own key from its 32 bytes in base64url.

    Raises:
        ValueError: it is no such key.
    """
    raw = from_words(words)
    if len(raw) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), CURVE)


def public_words(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half, as a browser asks for it when it subscribes."""
    return to_words(_point(key.public_key()))


def check_keys(p256dh: str, auth: str) -> None:
    """Raises ValueError unless these can be a browser's keys."""
    if len(from_words(auth)) != AUTH_BYTES:
        raise ValueError("the secret has 16 bytes")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_words(p256dh))


def seal(message: bytes, *, p256dh: str, auth: str) -> bytes:
    """`message` as one aes128gcm record that the holder of the browser's private key can open.

    Raises:
        ValueError: it is too long for one record, or the keys are none.
    """
    if len(message) > LONGEST_MESSAGE:
        raise ValueError("too long for one record")
    browser, secret = from_words(p256dh), from_words(auth)
    once, salt = ec.generate_private_key(CURVE), os.urandom(SALT_BYTES)
    sender = _point(once.public_key())
    shared = once.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, browser))
    base = _hkdf(shared, secret, b"WebPush: info\x00" + browser + sender, 32)
    key = _hkdf(base, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(base, salt, b"Content-Encoding: nonce\x00", 12)
    head = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(sender)]) + sender
    return head + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def vapid(origin: str, *, key: ec.EllipticCurvePrivateKey, subject: str, until: int) -> str:
    """The Authorization header: whoever runs the push service can reach us, and nobody can send in our name."""
    claims = {"aud": origin, "exp": until, "sub": subject}
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = to_words(r.to_bytes(KEY_BYTES, "big") + s.to_bytes(KEY_BYTES, "big"))
    return f"vapid t={signed}.{signature}, k={public_words(key)}"


def _json(values: dict[str, object]) -> str:
    return to_words(json.dumps(values, separators=(",", ":")).encode())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
