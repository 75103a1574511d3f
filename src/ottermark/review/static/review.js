// Keys, points as they are chosen, and forms that are sent without leaving the page. Without this file
// everything still works: forms are sent as usual.
"use strict";

const status = document.getElementById("status");
const byKey = (key) => document.querySelector(`main [data-key~="${CSS.escape(key)}"]`);

function say(text, isProblem) {
  const line = document.createElement("p");
  line.textContent = text;
  if (isProblem) line.className = "problem";
  status.replaceChildren(line);
}

// ---- points

function number(value) {
  const parsed = Number.parseFloat(value);
  return Number.isFinite(parsed) ? parsed : 0;
}

function format(points) {
  return String(Math.round(points * 100) / 100);
}

function update(form) {
  const output = form.querySelector("output[data-base]");
  if (!output) return;
  const chosen = [...form.querySelectorAll("input[name=item]:checked")];
  const adjustment = number(form.elements.adjustment?.value);
  const none = form.elements.none;
  if (none && chosen.length) none.checked = false;
  let sum = number(output.dataset.base) + adjustment;
  for (const item of chosen) sum += number(item.dataset.points);
  const most = number(output.dataset.max);
  const isMark = chosen.length || adjustment || none?.checked;
  output.value = isMark ? `${format(Math.min(most, Math.max(0, sum)))} of ${format(most)}` : `– of ${format(most)}`;
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-mark]")) return;
  if (event.target.name === "none" && event.target.checked) {
    for (const item of form.querySelectorAll("input[name=item]:checked")) item.checked = false;
  }
  if (event.target.name === "reuse" && event.target.value) {
    const comment = form.elements.comment;
    comment.value = [comment.value.trim(), event.target.value].filter(Boolean).join("\n");
    event.target.value = "";
    comment.focus();
  }
  form.dataset.changed = "yes";
  update(form);
});

// ---- forms and links that change the page in place

async function load(address, options) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    say("Not saved: the server does not answer. What you chose is still here; start it again and press Enter.", true);
    return;
  }
  const type = answer.headers.get("content-type") || "";
  if (!type.startsWith("text/html")) {
    say(`Not saved: ${(await answer.text()).trim() || answer.statusText}`, true);
    return;
  }
  show(await answer.text(), answer.url, answer.ok);
}

function show(html, address, isNew) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.querySelector(".top").replaceWith(document.adoptNode(page.querySelector(".top")));
  const message = page.querySelector("#status p");
  status.replaceChildren();
  // a region that changes after it has come is what screen readers read out
  if (message) setTimeout(() => say(message.textContent, message.className === "problem"), 30);
  const place = new URL(address);
  place.searchParams.delete("saved");
  place.searchParams.delete("points");
  if (isNew && place.href !== location.href) history.pushState(null, "", place);
  if (isNew) scrollTo(0, 0);
  main.focus({ preventScroll: true });
  prepare();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const address = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
  load(address, { method: "POST", body }).finally(() => delete form.dataset.sending);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    load(link.href);
    return;
  }
  const opener = event.target.closest("[data-open-keys]");
  if (opener) {
    event.preventDefault();
    document.getElementById("keys").showModal();
  }
});

addEventListener("popstate", () => load(location.href));

// ---- keys

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
}

function press(key) {
  const control = byKey(key);
  if (!control || control.disabled) return false;
  if (control.matches("textarea, input[type=number], input[type=text], select")) control.focus();
  else if (control.matches("details")) control.open = !control.open;
  else control.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (press("Enter")) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(target)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (document.body.classList.contains("no-keys")) return;
  if (event.key === "Enter" && target.closest("a, button, summary")) return;
  if (event.repeat && event.key === "Enter") return;
  if (event.key === "?") {
    document.getElementById("keys").showModal();
    event.preventDefault();
  } else if (press(event.key)) event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-mark][data-changed]:not([data-sending])")) event.preventDefault();
});

// what was opened or closed stays so from card to card
document.addEventListener("toggle", (event) => {
  const key = event.target.dataset?.key;
  if (event.target.matches("main details[data-key]")) sessionStorage.setItem(`open ${key}`, event.target.open);
}, true);

function prepare() {
  for (const details of document.querySelectorAll("main details[data-key]")) {
    const open = sessionStorage.getItem(`open ${details.dataset.key}`);
    if (open !== null) details.open = open === "true";
  }
  for (const form of document.querySelectorAll("form[data-mark]")) update(form);
}

prepare();
