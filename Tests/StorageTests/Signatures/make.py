#!/usr/bin/env python3
"""Signs requests with botocore (tested with 1.44.8), and writes them to signatures.json for SignatureV4Tests."""

import datetime
import hashlib
import json
from pathlib import Path
from unittest import mock
from urllib.parse import parse_qsl, quote, urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEYS = [
    "plain", "a/b/c", "a b", "a+b", "a=b", "a*b", "ä€😀", "a%20b", "a&b?c#d", "(a)!'b'", "~a-b_c.d", "a:b@c,d;e$",
    "[a]{b}|c\\d^e`f\"g<h>", "trailing./dot", "e\u0301", "Ωmega/日本 語"]
QUERIES = [[], [("list-type", "2"), ("prefix", "a b/ü+*=")], [("uploads", "")], [("b", "2"), ("a", "1"), ("B", "3"), ("a-b", "4")]]
HEADERS = [
    [], [("x-amz-checksum-sha256", "nGK1iv0tb+WJzfp9BJ8C+d5u5+kW2uZ6GmBYbtoJ9Q4=")],
    [("range", "bytes=0-9"), ("x-amz-meta-a", "b")], [("content-length", "12"), ("content-type", "text/plain; charset=utf-8")]]
TIME = datetime.datetime(2026, 2, 28, 23, 59, 58, tzinfo=datetime.timezone.utc)
TOKEN = "FwoGZXIvYXdzEXAMPLE//////////wEaD+token/=="


def case(number, key, query, headers, method, token, region, host, body):
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)

    def request(body):
        made = AWSRequest(method, f"https://{host}/{quote(key, safe='/~')}", data=body, params=dict(query))
        for name, value in headers:
            made.headers[name] = value
        return made

    with mock.patch("botocore.auth.get_current_datetime", lambda: TIME):
        signed = request(body)
        S3SigV4Auth(credentials, "s3", region).add_auth(signed)
        presigned = request(None)
        S3SigV4QueryAuth(credentials, "s3", region, expires=60 + number).add_auth(presigned)
    return {
        "key": key, "query": query, "headers": headers, "method": method, "token": token, "region": region, "host": host,
        "bodyHash": hashlib.sha256(body).hexdigest(), "expires": 60 + number,
        "authorization": signed.headers["Authorization"],
        "presigned": sorted(parse_qsl(urlsplit(presigned.url).query, keep_blank_values=True)),
    }


cases = [
    case(
        number, key, QUERIES[number % 4], HEADERS[number // 2 % 4], ["GET", "PUT", "DELETE", "HEAD"][number // 3 % 4],
        TOKEN if number % 3 == 0 else None, ["us-east-1", "eu-central-1", "auto"][number % 3],
        ["bucket.s3.us-east-1.amazonaws.com", "127.0.0.1:9000", "store.example"][number // 5 % 3],
        [b"", b"Welcome to Amazon S3.", bytes(range(256))][number % 3])
    for number, key in enumerate(KEYS * 3)]
text = ",\n".join(json.dumps(entry, ensure_ascii=True) for entry in cases)
(Path(__file__).parent / "signatures.json").write_text(f"[\n{text}\n]\n")
