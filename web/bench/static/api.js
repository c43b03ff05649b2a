// Calls to the bench; what goes wrong is said on the page in the bench's own words.
export async function send(path, body, method = "POST") {
  const json = body !== undefined && !(body instanceof Blob);
  const reply = await fetch(`/api/${path}`, {
    method,
    body: json ? JSON.stringify(body) : body,
    headers: { "Accept-Language": document.documentElement.lang },
  });
  const told = await reply.json();
  if (!reply.ok) throw new Error(told.error);
  return told;
}

export const texts = JSON.parse(document.body.dataset.texts);
export const patterns = JSON.parse(document.body.dataset.patterns);
export const sounds = JSON.parse(document.body.dataset.sounds);
export const part = (id) => document.getElementById(id);
