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
  return String(Math.round(points * 100) / 100).replace("-", "−");
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
  const points = Math.min(most, Math.max(0, sum));
  output.value = isMark ? `${format(points)} of ${format(most)}` : `– of ${format(most)}`;
  if (isMark && format(points) !== format(sum)) {
    const why = document.createElement("small");
    why.textContent = ` (${format(sum)}, not ${sum < 0 ? "below 0" : `above ${format(most)}`})`;
    output.append(why);
  }
  const flagged = form.querySelector("[data-flagged]");
  if (flagged) flagged.hidden = !form.elements.flag.checked;
  const nothing = form.querySelector("[data-none]");
  if (nothing) nothing.textContent = adjustment ? "No item; the adjustment alone counts" : "None of these applies";
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-mark]")) return;
  if (event.target.name === "none" && event.target.checked) {
    for (const item of form.querySelectorAll("input[name=item]:checked")) item.checked = false;
  }
  if (event.target.name === "flag") {
    say(event.target.checked ? "Flagged; it is saved with Enter or s." : "Not flagged; it is saved with Enter or s.");
  }
  form.dataset.changed = "yes";
  update(form);
});

// ---- forms and links that change the page in place

const LOST = "The server does not answer, so this may not have been saved. What you chose is still here. If the server "
  + "was stopped, start it again and open the address that it prints.";

// options: of what changes something
async function load(address, options) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    say(options ? LOST : "The server does not answer. Start it again, and open the address that it prints.", true);
    return;
  }
  const text = await answer.text();
  const type = answer.headers.get("content-type") || "";
  if (!type.startsWith("text/html")) {
    const problem = text.trim() || answer.statusText;
    say(answer.status < 500 && options ? `Not saved: ${problem}` : problem, true);
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const problem = page.querySelector("main [role=alert]");
  if (answer.status >= 500 && options && !problem.matches("[data-written]")) {
    say(`${problem.textContent.trim()} What you chose is still here.`, true);
    return;
  }
  show(page, answer.url, answer.ok || answer.redirected);
}

function show(page, address, isNew) {
  const main = page.querySelector("main");
  document.title = page.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.querySelector(".top").replaceWith(document.adoptNode(page.querySelector(".top")));
  const message = page.querySelector("#status p");
  status.replaceChildren();
  // a region that changes after it has come is what screen readers read out
  if (message) setTimeout(() => say(message.textContent, message.className === "problem"), 30);
  const place = new URL(address);
  for (const name of ["saved", "points", "undone"]) place.searchParams.delete(name);
  if (isNew && place.href !== location.href) history.pushState(null, "", place);
  if (isNew) scrollTo(0, 0);
  main.focus({ preventScroll: true });
  prepare();
  if (isNew) goToRow(place);
}

// the card of a list that somebody comes back from
function goToRow(place) {
  const link = document.getElementById(`card-${place.searchParams.get("row")}`)?.querySelector("a");
  if (!link) return;
  link.scrollIntoView({ block: "center" });
  link.focus({ preventScroll: true });
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
  const chip = event.target.closest("[data-press]");
  if (chip) {
    if (event.detail) chip.blur(); // a click: Enter saves again
    press(chip.dataset.press);
  }
  const opener = event.target.closest("[data-open-keys]");
  if (opener) {
    event.preventDefault();
    showKeys();
  }
});

function showKeys() {
  const dialog = document.getElementById("keys");
  dialog.showModal();
  dialog.scrollTop = 0;
}

addEventListener("popstate", () => load(location.href));

// ---- keys

function isTyping(target) {
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
}

function press(key) {
  const control = byKey(key);
  if (!control || control.disabled) {
    if (key in ABSENT && document.querySelector("main form[data-mark]")) say(ABSENT[key]);
    return false;
  }
  if (control.matches("textarea, input[type=number], input[type=text]")) focusOn(control);
  else if (control.matches("details")) fold(control, !control.open);
  else control.click();
  return true;
}

const ABSENT = {
  d: "The student has no numbers in this section.",
  m: "There is no model answer to this question.",
  r: "There is no earlier comment on this question.",
  ArrowLeft: "This is the first card.",
  ArrowRight: "This is the last card.",
};

// within the rubric alone: the page stays where it is
function focusOn(control) {
  control.focus({ preventScroll: true });
  const panel = control.closest(".rubric");
  if (!panel || panel.scrollHeight <= panel.clientHeight) {
    control.scrollIntoView({ block: "nearest" });
    return;
  }
  const place = control.getBoundingClientRect();
  const top = panel.querySelector(".points")?.getBoundingClientRect().bottom ?? 0;
  const bottom = panel.querySelector(".actions")?.getBoundingClientRect().top ?? innerHeight;
  if (place.bottom > bottom - 8) panel.scrollTop += place.bottom - bottom + 8;
  else if (place.top < top + 32) panel.scrollTop -= top + 32 - place.top; // its label, too
}

// Enter within a comment is a new line
function hint(event) {
  const key = event.target.form?.querySelector(".actions .primary kbd");
  if (!key || !event.target.matches("textarea")) return;
  key.textContent = event.type === "focusin" ? "Ctrl+Enter" : "Enter";
}

document.addEventListener("focusin", hint);
document.addEventListener("focusout", hint);

// ---- earlier comments: a list to choose from, in the place of the field that works without scripts

function listComments(field) {
  const form = field.form;
  const list = document.createElement("ul");
  list.id = "comments";
  list.className = "comments";
  list.hidden = true;
  [...field.options].slice(1).forEach((option, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.comment = option.value;
    const key = document.createElement(index < 9 ? "kbd" : "span");
    key.textContent = index < 9 ? index + 1 : "";
    const text = document.createElement("span");
    text.textContent = option.textContent;
    button.append(key, text);
    button.addEventListener("click", () => addComment(form, option.value));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  });
  const opener = document.createElement("button");
  opener.type = "button";
  opener.dataset.key = "r";
  opener.setAttribute("aria-controls", list.id);
  opener.setAttribute("aria-expanded", "false");
  opener.append("Add an earlier comment ");
  const key = document.createElement("kbd");
  key.textContent = "r";
  opener.append(key);
  opener.addEventListener("click", () => openComments(list.hidden));
  field.parentElement.replaceChildren(opener, list);
}

function openComments(isOpen) {
  const list = document.getElementById("comments");
  const opener = byKey("r");
  list.hidden = !isOpen;
  opener.setAttribute("aria-expanded", String(isOpen));
  focusOn(isOpen ? list.querySelector("button") : opener);
  if (isOpen) reveal(list, opener);
}

// as much of the list as there is room for below the button that opens it
function reveal(list, opener) {
  const panel = list.closest(".rubric");
  if (!panel || panel.scrollHeight <= panel.clientHeight) {
    list.scrollIntoView({ block: "nearest" });
    return;
  }
  const top = panel.querySelector(".points")?.getBoundingClientRect().bottom ?? 0;
  const bottom = panel.querySelector(".actions")?.getBoundingClientRect().top ?? innerHeight;
  const hidden = list.getBoundingClientRect().bottom + 8 - bottom;
  if (hidden > 0) panel.scrollTop += Math.min(hidden, opener.getBoundingClientRect().top - top - 8);
}

function addComment(form, text) {
  const comment = form.elements.comment;
  comment.value = [comment.value.trim(), text].filter(Boolean).join("\n");
  comment.dispatchEvent(new Event("input", { bubbles: true }));
  openComments(false);
  document.activeElement.blur(); // so that Enter saves
  say("The comment is added; c changes it.");
}

function pressInComments(event) {
  const list = event.target.closest(".comments");
  if (!list) return false;
  const buttons = [...list.querySelectorAll("button")];
  const place = buttons.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") openComments(false);
  else if (step) focusOn(buttons[(place + step + buttons.length) % buttons.length]);
  else if (/^[1-9]$/.test(event.key)) buttons[event.key - 1]?.click();
  else return false;
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
  if (document.body.classList.contains("no-keys")) {
    if (/^Arrow|^Escape/.test(event.key) && pressInComments(event)) event.preventDefault();
    return;
  }
  if (event.key === "Enter" && target.closest("a, button, summary")) return;
  if (event.repeat && event.key === "Enter") return;
  if (event.key === "?") {
    showKeys();
    event.preventDefault();
  } else if (pressInComments(event) || press(event.key)) event.preventDefault();
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-mark][data-changed]:not([data-sending])")) event.preventDefault();
});

// what somebody opened or closed stays so from card to card
function fold(details, isOpen) {
  details.open = isOpen;
  sessionStorage.setItem(`open ${details.dataset.key}`, isOpen);
}

document.addEventListener("click", (event) => {
  const details = event.target.closest("main details[data-key] > summary")?.parentElement;
  if (!details) return;
  event.preventDefault();
  fold(details, !details.open);
});

function prepare() {
  for (const details of document.querySelectorAll("main details[data-key]")) {
    const open = sessionStorage.getItem(`open ${details.dataset.key}`);
    if (open !== null) details.open = open === "true";
  }
  for (const chip of document.querySelectorAll("main [data-press]")) chip.hidden = !byKey(chip.dataset.press);
  for (const field of document.querySelectorAll("main select[name=reuse]")) listComments(field);
  for (const form of document.querySelectorAll("form[data-mark]")) update(form);
}

prepare();
goToRow(new URL(location.href));
