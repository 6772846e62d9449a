/* Forms that a security key or passkey answers: data-passkey is "create" or "get"; the options come
   with the form (data-options) or, for signing in, from data-options-url. */
(() => {
  "use strict";

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

  const forCreate = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  });
  const forGet = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  });

  const answer = (credential) => {
    const said = credential.response;
    const response = { clientDataJSON: text(said.clientDataJSON) };
    if (said.attestationObject) response.attestationObject = text(said.attestationObject);
    if (said.authenticatorData) response.authenticatorData = text(said.authenticatorData);
    if (said.signature) response.signature = text(said.signature);
    if (said.userHandle) response.userHandle = text(said.userHandle);
    return {
      type: credential.type,
      id: credential.id,
      rawId: text(credential.rawId),
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  };

  const ask = async (form) => {
    const url = form.dataset.optionsUrl;
    const options = url
      ? await (await fetch(url, { headers: { Accept: "application/json" } })).json()
      : JSON.parse(form.dataset.options);
    const publicKey = options.publicKey;
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: forCreate(publicKey) })
      : navigator.credentials.get({ publicKey: forGet(publicKey) });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    const say = form.querySelector("[data-passkey-say]");
    const button = form.querySelector("button[type=submit]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      say.textContent = "";
      try {
        const credential = await ask(form);
        form.elements.credential.value = JSON.stringify(answer(credential));
        form.submit();
      } catch {
        button.disabled = false;
        say.textContent = form.dataset.failed;
        button.focus();
      }
    });
  }
})();
