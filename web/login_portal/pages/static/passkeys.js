// Hands passkeys between the portal and the browser. Without this file everything but passkeys works.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const words = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function options(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, purpose: form.dataset.passkey });
  const reply = await fetch("/passkeys/options", { method: "POST", body, redirect: "error" });
  if (!reply.ok) throw new Error(String(reply.status));
  return reply.json();
}

async function made(asked) {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const excludeCredentials = named(asked.excludeCredentials);
  const publicKey = { ...asked, user, excludeCredentials, challenge: bytes(asked.challenge) };
  const key = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = key.response;
  return record(key, { clientDataJSON, attestationObject });
}

async function shown(asked) {
  const allowCredentials = named(asked.allowCredentials);
  const publicKey = { ...asked, allowCredentials, challenge: bytes(asked.challenge) };
  const key = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return record(key, { clientDataJSON, authenticatorData, signature, userHandle });
}

function record(key, response) {
  const parts = Object.entries(response).filter(([, part]) => part);
  const written = Object.fromEntries(parts.map(([name, part]) => [name, words(part)]));
  return JSON.stringify({ id: key.id, rawId: key.id, type: key.type, response: written });
}

async function act(form) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    const asked = await options(form);
    form.elements.credential.value = await (form.dataset.passkey === "register" ? made(asked) : shown(asked));
  } catch {
    trouble.hidden = false;
    return;
  }
  form.submit();
}

const byNumber = /^[\d.]+$|^\[/.test(location.hostname);
const able = Boolean(window.PublicKeyCredential) && window.isSecureContext && !byNumber;
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !able;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(form);
  });
}
for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = able;
