"""HTTP routes of tokens, of signing in, and of who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from service.access import logic, sessions
from service.access.principal import PrincipalDep
from service.access.repository import AccessRepository
from service.access.schemas import CreatedToken, Me, NewToken, SignIn, SignInCode, Token, TokenPage
from service.access.secrets import digest
from service.context import SessionDep
from service.http.problems import problems
from service.http.strict import strict

router = APIRouter(tags=["access"])


def get_access(session: SessionDep) -> AccessRepository:
    return AccessRepository(session)


AccessDep = Annotated[AccessRepository, Depends(get_access)]
TokenIdPath = Annotated[
    str, Path(pattern=r"^tok-[a-z2-7]{10}$", description="Id of a token.", examples=["tok-k3v9x2m7qa"])
]


@router.get("/me", operation_id="getMe", responses=problems())
async def get_me(principal: PrincipalDep) -> Me:
    """Who asks, and what they may do."""
    return logic.who(principal)


@router.post("/tokens", operation_id="createToken", status_code=201, responses=problems(400, 409, 413, 415, 422))
async def create_token(
    wanted: Annotated[NewToken, strict(NewToken)], access: AccessDep, principal: PrincipalDep, response: Response
) -> CreatedToken:
    """Make a token for projects that one administers. Its secret is shown this once."""
    response.headers["Cache-Control"] = "no-store"
    return await logic.create(access, wanted, principal)


@router.get("/tokens", operation_id="listTokens", responses=problems(422))
async def list_tokens(
    access: AccessDep,
    principal: PrincipalDep,
    limit: Annotated[int, Query(ge=1, le=200, description="Items per page.")] = 50,
    cursor: Annotated[str | None, Query(max_length=100, description="`next_cursor` of the page before.")] = None,
) -> TokenPage:
    """One's own token and those of the projects that one administers, newest first."""
    return await logic.list_page(access, principal, limit=limit, cursor=cursor)


@router.delete("/tokens/{token_id}", operation_id="revokeToken", responses=problems(404, 422))
async def revoke_token(token_id: TokenIdPath, access: AccessDep, principal: PrincipalDep) -> Token:
    """End a token and every session made from it, at once. Asking twice changes nothing."""
    return await logic.revoke(access, token_id, principal)


@router.post("/session", operation_id="signIn", status_code=201, responses=problems(400, 401, 413, 415, 422))
async def sign_in(
    given: Annotated[SignIn, strict(SignIn)], access: AccessDep, request: Request, response: Response
) -> Me:
    """Begin a browser session: a one-time code or a token becomes a same-site, http-only cookie."""
    principal, secret, life_s = await sessions.sign_in(access, given)
    request.scope["state"]["principal"] = principal  # who the audit log says has signed in
    sessions.set_cookie(request, response, secret, life_s=life_s)
    response.headers["Cache-Control"] = "no-store"
    return logic.who(principal)


@router.delete("/session", operation_id="signOut", status_code=204, responses=problems())
async def sign_out(access: AccessDep, request: Request, response: Response) -> None:
    """End the browser session that sent this."""
    secret = request.cookies.get(sessions.cookie_name(request))
    if secret:
        await access.end_session(digest(secret))
    sessions.clear_cookie(request, response)


@router.post("/session/codes", operation_id="createSignInCode", status_code=201, responses=problems())
async def create_sign_in_code(access: AccessDep, principal: PrincipalDep, response: Response) -> SignInCode:
    """Make a code that signs a browser in once, within ten minutes, with the rights of who asks."""
    response.headers["Cache-Control"] = "no-store"
    return await sessions.make_code(access, principal)
