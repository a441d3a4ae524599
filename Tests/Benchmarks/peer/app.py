"""The peer of the benchmark: `GET /api/v1/workspaces` as a FastAPI application would do it, from a
copy of the same database: the token checked by PyJWT, its session looked up, the request counted
for the rate limit, 20 rows through a response model.

The handler and what it depends on are `async` and call SQLite directly: that is faster here than FastAPI's threads.
"""

import json
import os
import sqlite3
import time
from datetime import datetime, timezone

import jwt
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel

folder = os.environ["DATA_DIR"]
limit = int(os.environ["RATE_LIMIT_GENERAL"])
database = sqlite3.connect(f"{folder}/nexlayer.db", isolation_level=None, cached_statements=64)
counters = sqlite3.connect(f"{folder}/peer-limits.db", isolation_level=None)
counters.executescript("""
    PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS counters (caller TEXT PRIMARY KEY, count INTEGER NOT NULL, began INTEGER NOT NULL)""")
secret = os.environ["JWT_SECRET"]
app = FastAPI()


class Settings(BaseModel):
    systemPrompt: str
    model: str
    temperature: float
    chatMode: str
    topK: int
    similarityThreshold: float
    historyLength: int


class Workspace(BaseModel):
    id: str
    name: str
    slug: str
    description: str
    settings: Settings
    ownerId: str
    role: str | None
    documentCount: int
    conversationCount: int
    createdAt: str
    updatedAt: str


class Pagination(BaseModel):
    page: int
    limit: int
    total: int
    totalPages: int
    hasNext: bool
    hasPrev: bool


class WorkspacePage(BaseModel):
    success: bool
    data: list[Workspace]
    pagination: Pagination


async def user(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401)
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    session = database.execute(
        "SELECT u.status, s.revoked_at FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ? AND u.id = ?",
        (claims["sid"], claims["sub"])).fetchone()
    if session is None or session[0] != "active" or session[1] is not None:
        raise HTTPException(401)
    return claims["sub"]


async def counted(response: Response, caller: str = Depends(user)) -> str:
    now = int(time.time())
    count, began = counters.execute(
        """INSERT INTO counters VALUES (?, 1, ?) ON CONFLICT (caller) DO UPDATE SET
             count = CASE WHEN excluded.began - began >= 60 THEN 1 ELSE count + 1 END,
             began = CASE WHEN excluded.began - began >= 60 THEN excluded.began ELSE began END
           RETURNING count, began""", (caller, now)).fetchone()
    if count > limit:
        raise HTTPException(429)
    response.headers["x-ratelimit-limit"] = str(limit)
    response.headers["x-ratelimit-remaining"] = str(limit - count)
    response.headers["x-ratelimit-reset"] = str(began + 60)
    return caller


def moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat(timespec="milliseconds")


@app.get("/api/v1/workspaces", response_model=WorkspacePage)
async def list_workspaces(page: int = 1, limit: int = 20, caller: str = Depends(counted)):
    rows = database.execute(
        """SELECT w.id, w.name, w.slug, w.description, w.settings, w.owner_id, m.role, w.document_count,
             w.conversation_count, w.created_at, w.updated_at
           FROM members m JOIN workspaces w ON w.id = m.workspace_id
           WHERE m.user_id = ? ORDER BY m.workspace_id DESC LIMIT ? OFFSET ?""", (caller, limit, (page - 1) * limit)
    ).fetchall()
    total, = database.execute("SELECT count(*) FROM members WHERE user_id = ?", (caller,)).fetchone()
    pages = -(-total // limit)
    return {
        "success": True,
        "data": [
            Workspace(
                id=row[0], name=row[1], slug=row[2], description=row[3], settings=json.loads(row[4]), ownerId=row[5],
                role=row[6], documentCount=row[7], conversationCount=row[8], createdAt=moment(row[9]),
                updatedAt=moment(row[10]))
            for row in rows],
        "pagination": {"page": page, "limit": limit, "total": total, "totalPages": pages, "hasNext": page < pages,
                       "hasPrev": page > 1},
    }
