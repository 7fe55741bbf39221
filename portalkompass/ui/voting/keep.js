// What a participant entered and did not send yet outlives a reload, another tab and a lost connection. It stays on the
// device, under the address of its round; the page works without this script, too. Nothing is asked of anybody.

const MINE = "portalkompass ";
const LONGEST = 24 * 60 * 60 * 1000;

// Fields that a person fills; what a form sends beside them only names what the form is about.
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden");
const said = (one) => (["checkbox", "radio"].includes(one.type) ? one.checked : one.value);
const keyOf = (form) => {
  const about = form.elements.namedItem("leistung")?.value ?? "";
  return MINE + JSON.stringify([location.pathname, about, ...new Set(fieldsOf(form).map((one) => one.name))]);
};

function restore(form) {
  const fields = fieldsOf(form);
  const begun = JSON.stringify(fields.map(said));
  const kept = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  // Where the page itself says something else by now, that was saved since.
  if (kept?.begun === begun && kept.now.length === fields.length) {
    fields.forEach((one, place) => {
      one[["checkbox", "radio"].includes(one.type) ? "checked" : "value"] = kept.now[place];
    });
  }
  const keep = () => {
    const now = fields.map(said);
    localStorage.setItem(keyOf(form), JSON.stringify({ begun, now, at: Date.now() }));
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}

try {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(MINE))) {
    const at = JSON.parse(localStorage.getItem(key)).at;
    if (!(Date.now() - at < LONGEST)) localStorage.removeItem(key);
  }
  for (const form of document.forms) restore(form);
} catch {
  // A browser that keeps nothing shows the form as the page has it.
}
