import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Card } from "@/components/card";
import { ConfirmButton } from "@/components/confirm-button";
import { LoadMore } from "@/components/load-more";
import { EmptyState, ErrorNotice, Loading } from "@/components/notices";
import { TimeAgo } from "@/components/time-ago";
import { formatExactTime } from "@/lib/format";
import { useNow } from "@/lib/now";
import { projectWords, type Token, tokensQuery, useRevokeToken } from "./access";
import { tokenState } from "./expiry";
import { SecretModal } from "./secret-modal";
import { TokenForm } from "./token-form";
import { ScrollRegion } from "@/components/scroll-region";

interface Made {
  name: string;
  secret: string;
}

/** Who may ask the API for what, and taking that back. */
export function TokensSection({ ownTokenId }: { ownTokenId: string | undefined }) {
  const query = useInfiniteQuery(tokensQuery);
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const tokens = query.data?.pages.flatMap((page) => page.items);
  return (
    <Card
      title="Tokens"
      actions={
        <button type="button" className="button primary small" onClick={() => setAsking(true)}>
          New token
        </button>
      }
    >
      <p className="hint lead">
        A token lets the command line, the Python client and other programs ask the API. It may do what its
        roles say, in the projects they name, and nothing else.
      </p>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading label="Reading the tokens" />}
      {tokens?.length === 0 && (
        <EmptyState title="No token yet">
          <p>Make one for each person or program, so that one can be taken back without the others.</p>
        </EmptyState>
      )}
      {tokens && tokens.length > 0 && <TokenTable tokens={tokens} ownTokenId={ownTokenId} />}
      <LoadMore query={query} />
      {asking && (
        <TokenForm
          onClose={() => setAsking(false)}
          onMade={(token) => {
            setAsking(false);
            setMade(token);
          }}
        />
      )}
      {made && (
        <SecretModal title={`The token ${made.name}`} secret={made.secret} onClose={() => setMade(null)}>
          <p className="hint">For the command line and the Python client:</p>
          <pre className="code">{`export STILLHOUSE_TOKEN=${made.secret}\nstillhouse list`}</pre>
        </SecretModal>
      )}
    </Card>
  );
}

function TokenTable({ tokens, ownTokenId }: { tokens: readonly Token[]; ownTokenId: string | undefined }) {
  const revoke = useRevokeToken();
  return (
    <>
      {revoke.isError && <ErrorNotice error={revoke.error} />}
      <ScrollRegion className="table-wrap" label="Tokens">
        <table className="table stacked" aria-label="Tokens">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">May</th>
              <th scope="col">State</th>
              <th scope="col">Last used</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <TokenRow
                key={token.id}
                token={token}
                own={token.id === ownTokenId}
                busy={revoke.isPending}
                onRevoke={() => revoke.mutate(token.id)}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

interface RowProps {
  token: Token;
  own: boolean;
  busy: boolean;
  onRevoke: () => void;
}

function TokenRow({ token, own, busy, onRevoke }: RowProps) {
  const state = tokenState(token, useNow());
  return (
    <tr className={state === "active" ? undefined : "ended"}>
      <th scope="row" className="cell-name">
        {token.name} {own && <span className="kind">you</span>}
        <span className="sub">
          <code>{token.prefix}…</code>
        </span>
      </th>
      <td data-label="May">
        <ul className="plain-list">
          {Object.entries(token.roles).map(([project, role]) => (
            <li key={project}>
              <strong>{role}</strong> <span className="faint">of {projectWords(project)}</span>
            </li>
          ))}
        </ul>
      </td>
      <td data-label="State">
        <TokenStateWords token={token} state={state} />
      </td>
      <td data-label="Last used">
        {token.last_used_at ? <TimeAgo at={token.last_used_at} /> : <span className="faint">never</span>}
      </td>
      <td data-label="Made">
        <TimeAgo at={token.created_at} />
        <span className="sub">by {token.created_by}</span>
      </td>
      <td className="cell-actions">
        {state === "active" && (
          <ConfirmButton
            small
            label="Revoke"
            ariaLabel={`Revoke ${token.name}`}
            title={`Revoke ${token.name}?`}
            confirm="Revoke it"
            busy={busy}
            onConfirm={onRevoke}
          >
            <p>
              Whatever uses it is refused from now on, browser sessions made from it included. This cannot be
              taken back.
            </p>
            {own && (
              <p className="field-error">
                It is the token that you are signed in by: you will be signed out.
              </p>
            )}
          </ConfirmButton>
        )}
      </td>
    </tr>
  );
}

function TokenStateWords({ token, state }: { token: Token; state: ReturnType<typeof tokenState> }) {
  if (state === "revoked" && token.revoked_at)
    return (
      <>
        <span className="badge badge-failed">revoked</span>
        <span className="sub">
          <TimeAgo at={token.revoked_at} />
        </span>
      </>
    );
  if (state === "expired") return <span className="badge">expired</span>;
  return (
    <>
      <span className="badge badge-succeeded">active</span>
      <span className="sub">
        {token.expires_at ? `until ${formatExactTime(token.expires_at)}` : "for ever"}
      </span>
    </>
  );
}
