import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useLocation, useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";
import { Loading } from "@/components/notices";
import { meQuery, useSignIn } from "@/features/account/queries";
import { SignInForm } from "@/features/account/sign-in-form";
import { codeOf, goOn } from "@/lib/sign-in";

const route = getRouteApi("/signin");

/** Takes a code from the address or a token from the form, then goes where one wanted to go. */
export function SignInPage() {
  const { next } = route.useSearch();
  const navigate = route.useNavigate();
  const router = useRouter();
  const hash = useLocation({ select: (location) => location.hash });
  const code = useRef(codeOf(hash));
  const { mutate, isPending, error } = useSignIn();
  const leave = useCallback(
    () => goOn(next, codeOf(hash) === null ? hash : "", (path) => router.history.replace(path)),
    [next, hash, router],
  );
  useEffect(() => {
    const found = code.current;
    if (found === null) return;
    code.current = null;
    // The code must not stay in the address, nor in the browser's history.
    void navigate({ search: (before) => before, hash: "", replace: true });
    mutate({ code: found }, { onSuccess: leave });
  }, [mutate, navigate, leave]);
  const me = useQuery({ ...meQuery, enabled: codeOf(hash) === null && !isPending && error === null });
  const known = me.isSuccess && !isPending;
  useEffect(() => {
    if (known) leave();
  }, [known, leave]);
  if (me.isPending && error === null) {
    return (
      <main className="page narrow">
        <Loading label="Signing in" height={240} />
      </main>
    );
  }
  return (
    <main className="page narrow">
      <SignInForm
        busy={isPending}
        error={error}
        onToken={(token) => mutate({ token }, { onSuccess: leave })}
      />
    </main>
  );
}
