import { type SubmitEvent, useState } from "react";
import { ErrorNotice } from "@/components/notices";

interface Props {
  busy: boolean;
  error: unknown;
  onToken: (token: string) => void;
}

/** The ways in: the link that the server printed, or a token. */
export function SignInForm({ busy, error, onToken }: Props) {
  const [token, setToken] = useState("");
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    if (token.trim() !== "") onToken(token.trim());
  };
  return (
    <div className="card sign-in">
      <h1>Sign in</h1>
      {error !== null && <ErrorNotice error={error} />}
      <p>
        Open the link that <code>stillhouse up</code> printed when it started. It works once; for another one,
        run this on a machine that has a token:
      </p>
      <pre className="code">stillhouse signin</pre>
      <form className="stack" onSubmit={send}>
        <div>
          <label htmlFor="token">Or paste an API token</label>
          <input
            id="token"
            className="input"
            type="password"
            autoComplete="off"
            placeholder="still_…"
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </div>
        <button type="submit" className="button primary" disabled={busy || token.trim() === ""}>
          {busy ? "Signing in" : "Sign in"}
        </button>
      </form>
    </div>
  );
}
