// What Streamlit has no option for: its own words in German, charts that can be walked by keyboard, drafts of what is typed.
// A constant file of the app: it reads nothing but the page, asks nobody, and writes texts as texts, never as HTML.

const WORDS = {
  "About": "Über",
  "Add files": "Dateien hinzufügen",
  "Add row": "Zeile hinzufügen",
  "App pages": "Ansichten",
  "Autosize": "Breite anpassen",
  "Cancel": "Abbrechen",
  "Choose a date": "Tag wählen",
  "Choose an option": "Bitte wählen",
  "Choose date": "Tag wählen",
  "Choose date range": "Zeitraum wählen",
  "Choose options": "Bitte wählen",
  "Choose or add an option": "Wählen oder eintragen",
  "Choose or add options": "Wählen oder eintragen",
  "Clear": "Leeren",
  "Clear all": "Alle entfernen",
  "Clear cache": "Zwischenspeicher leeren",
  "Clear date": "Tag leeren",
  "Clear dates": "Tage leeren",
  "Clear entry": "Eingabe leeren",
  "Clear selection": "Auswahl aufheben",
  "Clear value": "Leeren",
  "Close": "Schließen",
  "Close Search": "Suche schließen",
  "Close fullscreen": "Vollbild verlassen",
  "Collapse sidebar": "Seitenleiste einklappen",
  "Connecting": "Verbindung wird aufgebaut",
  "Copied!": "Kopiert",
  "Copy column name": "Spaltennamen kopieren",
  "Copy to clipboard": "Kopieren",
  "Copy version to clipboard": "Versionsnummer kopieren",
  "Dark": "Dunkel",
  "Dataframe column menu": "Menü der Spalte",
  "Decrement": "Verringern",
  "Delete row(s)": "Zeilen löschen",
  "Download as CSV": "Als CSV herunterladen",
  "Drag and drop file here": "Datei hierher ziehen",
  "Drag and drop files here": "Dateien hierher ziehen",
  "Expand sidebar": "Seitenleiste ausklappen",
  "Fullscreen": "Vollbild",
  "Help": "Erklärung",
  "Hide column": "Spalte ausblenden",
  "Increment": "Erhöhen",
  "Light": "Hell",
  "Link to heading": "Link zur Überschrift",
  "Main menu": "Menü",
  "Navigate to home page": "Zur ersten Ansicht",
  "Next Result": "Nächster Treffer",
  "Next month": "Nächster Monat",
  "Next page": "Nächste Seite",
  "No options to select": "Nichts mehr zu wählen",
  "No options to select.": "Nichts mehr zu wählen.",
  "No results": "Keine Treffer",
  "Notifications": "Meldungen",
  "Open": "Öffnen",
  "Pagination": "Seiten",
  "Pin column": "Spalte festhalten",
  "Please fill out this field.": "Bitte ausfüllen.",
  "Press Enter to add": "Eingabetaste fügt hinzu",
  "Press Enter to apply": "Eingabetaste übernimmt",
  "Press Enter to submit form": "Eingabetaste sendet ab",
  "Press Ctrl+Enter to apply": "Strg+Eingabetaste übernimmt",
  "Press Ctrl+Enter to submit form": "Strg+Eingabetaste sendet ab",
  "Press ⌘+Enter to apply": "⌘+Eingabetaste übernimmt",
  "Previous Result": "Vorheriger Treffer",
  "Previous month": "Voriger Monat",
  "Previous page": "Vorige Seite",
  "Print": "Drucken",
  "Quick select a date range": "Zeitraum schnell wählen",
  "Past Week": "Letzte Woche",
  "Past Month": "Letzter Monat",
  "Past 3 Months": "Letzte 3 Monate",
  "Past 6 Months": "Letzte 6 Monate",
  "Past Year": "Letztes Jahr",
  "Past 2 Years": "Letzte 2 Jahre",
  "None": "Keiner",
  "Record screen": "Bildschirm aufnehmen",
  "Rerun": "Neu laden",
  "Running": "Wird berechnet",
  "Running...": "Wird berechnet …",
  "Scroll tabs left": "Reiter nach links",
  "Scroll tabs right": "Reiter nach rechts",
  "Search": "Suchen",
  "Type to search": "Suchbegriff eingeben",
  "Select all": "Alle wählen",
  "Selected values": "Gewählt",
  "Settings": "Einstellungen",
  "Show chart": "Diagramm zeigen",
  "Show data": "Daten zeigen",
  "Show password": "Kennwort zeigen",
  "Hide password": "Kennwort verbergen",
  "Show/hide columns": "Spalten wählen",
  "Sidebar": "Seitenleiste",
  "Skip to main content": "Zum Inhalt springen",
  "Sort ascending": "Aufsteigend sortieren",
  "Sort descending": "Absteigend sortieren",
  "Stop": "Anhalten",
  "Stop script": "Anhalten",
  "System": "Wie das System",
  "Theme": "Farben",
  "Toggle fullscreen": "Vollbild",
  "Unpin column": "Spalte lösen",
  "Upload": "Datei wählen",
  "Uploading": "Wird hochgeladen",
  "file upload": "Datei wählen",
};
const BEGINNINGS = {
  "Help for ": "Erklärung zu ",
  "Clear search": "Suche leeren",
  "Close fullscreen: ": "Vollbild verlassen: ",
  "Fullscreen: ": "Vollbild: ",
  "Remove ": "Entfernen: ",
  "Search: ": "Suchen: ",
  "Show/hide columns: ": "Spalten wählen: ",
  "Made with Streamlit v": "Erstellt mit Streamlit ",
};
// The empty parts of a date field; nothing else in one is as short.
const PARTS = { "dd": "TT", "mm": "MM", "yyyy": "JJJJ" };
const PART = '[data-testid="stDateInputField"] [role="spinbutton"]';
const NAMED = { "day, ": "Tag, ", "month, ": "Monat, ", "year, ": "Jahr, " };
const LIMIT = /^(?:Limit )?(\d+)(KB|MB|GB) per file/;
const ATTRIBUTES = ["aria-label", "title", "placeholder"];
// Streamlit's own parts. Everything else is ours or comes from data, and stays as it is.
const OWN = [
  "stSkipToContent", "stMainMenuPopover", "stMainMenuList", "stElementToolbar", "stFileUploader", "stDataFrameColumnMenu",
  "stDataFrameColumnVisibilityMenu", "stDataFrameColumnFormattingMenu", "stStatusWidget", "stDialog", "stDateInput",
  "stSelectbox", "stMultiSelect", "stSelectboxVirtualDropdown", "InputInstructions", "stTooltipContent",
].map((name) => `[data-testid^="${name}"]`).join(", ") + ', [role="listbox"], [data-baseweb="calendar"]';

function german(text) {
  const word = text.trim();
  if (Object.hasOwn(WORDS, word)) return text.replace(word, WORDS[word]);
  const start = Object.keys(BEGINNINGS).find((beginning) => word.startsWith(beginning));
  if (start) return text.replace(start, BEGINNINGS[start]);
  return text.replace(LIMIT, "bis $1 $2 je Datei");
}

function translateText(node) {
  if (Object.hasOwn(PARTS, node.data) && node.parentElement?.matches(PART)) node.data = PARTS[node.data];
  const own = node.parentElement?.closest(OWN);
  // What a person chose or typed in a field is data.
  if (!own || node.parentElement.closest('[data-testid="stMarkdownContainer"]:not(button *)')) return;
  const translated = german(node.data);
  if (translated !== node.data) node.data = translated;
}

// Told to screen readers: which part of which date it is, and that it is empty.
function translatePart(part) {
  const label = part.getAttribute("aria-label") ?? "";
  const beginning = Object.keys(NAMED).find((start) => label.startsWith(start));
  if (beginning) part.setAttribute("aria-label", label.replace(beginning, NAMED[beginning]));
  if (part.getAttribute("aria-valuetext") === "Empty") part.setAttribute("aria-valuetext", "leer");
}

function translateAttributes(element) {
  if (element.matches(PART)) return translatePart(element);
  for (const name of ATTRIBUTES) {
    const text = element.getAttribute(name);
    if (!text) continue;
    const translated = german(text);
    if (translated !== text) element.setAttribute(name, translated);
  }
}

function translate(root) {
  if (root.nodeType === Node.TEXT_NODE) return translateText(root);
  if (root.nodeType !== Node.ELEMENT_NODE || root.closest("canvas, svg")) return;
  translateAttributes(root);
  const labelled = ATTRIBUTES.map((name) => `[${name}]`).join(", ");
  for (const element of root.querySelectorAll(labelled)) {
    if (!element.closest("canvas, svg")) translateAttributes(element);
  }
  const owns = root.closest(OWN) ? [root] : root.querySelectorAll(OWN);
  for (const own of owns) {
    const texts = document.createTreeWalker(own, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) translateText(texts.currentNode);
  }
}

const CHART = '[data-testid="stVegaLiteChart"]';
const POINT = '[aria-roledescription="Wert"]';
const BRUSH = 'g[class*="_brush"]';
const STEPS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 };
const place = new WeakMap();
const anchor = new WeakMap();
const WIDER = 3;
const WALK = "Mit den Pfeiltasten von Wert zu Wert";
const SPAN = "; mit Umschalt und Pfeiltasten über einen Zeitraum, den die Eingabetaste wählt";

function points(chart) {
  return [...chart.querySelectorAll(POINT)];
}

// A field for files has a name, and the role of something that has none.
const FILES = '[data-testid="stFileUploaderDropzone"][role="presentation"]';

function prepare(root) {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const fields = root.matches(FILES) ? [root] : root.querySelectorAll(FILES);
  for (const field of fields) field.setAttribute("role", "group");
  const charts = root.matches(CHART) ? [root] : root.closest(CHART) ? [root.closest(CHART)] : root.querySelectorAll(CHART);
  for (const chart of charts) {
    // The rectangle that a span is drawn with says nothing; the button that it leads to does.
    for (const brush of chart.querySelectorAll(BRUSH)) brush.setAttribute("aria-hidden", "true");
    if (chart.tabIndex === 0 || !chart.querySelector(POINT)) continue;
    chart.tabIndex = 0;
    chart.setAttribute("aria-roledescription", "Diagramm");
    chart.setAttribute("aria-description", WALK + (chart.querySelector(BRUSH) ? SPAN : ""));
    const said = document.createElement("div");
    said.className = "pk-walk";
    said.setAttribute("role", "status");
    chart.parentElement.style.position = "relative";
    chart.parentElement.append(said);
  }
}

function walk(event) {
  const chart = event.target;
  if (!(chart instanceof Element) || !chart.matches(CHART)) return;
  const values = points(chart);
  const at = place.get(chart) ?? -1;
  const last = values.length - 1;
  const said = chart.parentElement.querySelector(".pk-walk");
  if (!values.length || !said) return;
  if (event.key === "Escape") return leave(chart);
  if (event.key === "Enter" && anchor.has(chart)) {
    event.preventDefault();
    said.textContent = `Gewählt: ${span(chart, values)}. Darunter steht die Schaltfläche, die den Zeitraum setzt.`;
    return draw(chart, values[anchor.get(chart)], values[at]);
  }
  const ends = { Home: 0, End: last };
  const next = event.key in ends ? ends[event.key] : at + (STEPS[event.key] ?? NaN);
  if (Number.isNaN(next)) return;
  event.preventDefault();
  const index = Math.max(0, Math.min(last, at < 0 && STEPS[event.key] < 0 ? last : next));
  place.set(chart, index);
  if (!event.shiftKey || !chart.querySelector(BRUSH)) anchor.delete(chart);
  else if (!anchor.has(chart)) anchor.set(chart, at < 0 ? index : at);
  const where = `${values[index].getAttribute("aria-label")} (${index + 1} von ${values.length})`;
  said.textContent = anchor.has(chart) ? `${where}. Gespannt: ${span(chart, values)}` : where;
  point(chart, values[index]);
}

// A value begins with its day, week or month: "Monat: Mai 2025; Klicks: 3".
function span(chart, values) {
  const ends = [anchor.get(chart), place.get(chart)].sort((one, other) => one - other);
  const [first, last] = ends.map((index) => values[index].getAttribute("aria-label").split(";")[0].replace(/^[^:]*: /, ""));
  return first === last ? first : `${first} bis ${last}`;
}

// A span is drawn as a pointer would draw it, a little wider, so that both ends lie within.
function draw(chart, one, other) {
  const boxes = [one, other].map((value) => value.getBoundingClientRect());
  const [left, right] = boxes.map((box) => box.x + box.width / 2).sort((first, second) => first - second);
  const y = boxes[0].y + boxes[0].height / 2;
  const under = document.elementsFromPoint(left, y).find((element) => chart.contains(element)) ?? one;
  const at = (x) => ({ clientX: x, clientY: y, bubbles: true, cancelable: true, pointerId: 1, pointerType: "mouse", buttons: 1 });
  under.dispatchEvent(new PointerEvent("pointerdown", at(left - WIDER)));
  under.dispatchEvent(new PointerEvent("pointermove", at(right + WIDER)));
  under.dispatchEvent(new PointerEvent("pointerup", { ...at(right + WIDER), buttons: 0 }));
}

// The crosshair follows: the chart is told what a pointer over the point would tell it.
function point(chart, value) {
  const box = value.getBoundingClientRect();
  const where = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true };
  const under = document.elementsFromPoint(where.clientX, where.clientY).find((element) => chart.contains(element));
  for (const name of ["pointerover", "mouseover", "pointermove", "mousemove"]) {
    const kind = name.startsWith("pointer") ? PointerEvent : MouseEvent;
    (under ?? value).dispatchEvent(new kind(name, where));
  }
}

function leave(chart) {
  place.delete(chart);
  anchor.delete(chart);
  const said = chart.parentElement?.querySelector(".pk-walk");
  if (said) said.textContent = "";
}

// A click anywhere in a row does what one on the mark at its beginning does. Streamlit's own choice of cells cannot tell a
// pointer from the Tab key, which would open a row by coming by. Whoever drags, holds a key or follows a link means that.
const OPENS = '[class*="st-key-opens-"] [data-testid="stDataFrame"]';
const MARK = 36, HEAD = 36, STILL = 4, DRAWN = 60;
let pressed = null;

function press(event) {
  pressed = event.isTrusted && event.button === 0 ? { x: event.clientX, y: event.clientY } : null;
}

function openRow(event) {
  const table = event.isTrusted && pressed && event.target instanceof Element && event.target.closest(OPENS);
  if (!table || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  const canvas = table.querySelector("canvas");
  const where = event.target;
  if (!canvas || !(where === canvas || where.closest(".dvn-scroller"))) return;
  const box = canvas.getBoundingClientRect();
  const moved = Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STILL;
  const inRow = event.clientX - box.x > MARK && event.clientY - box.y > HEAD;
  if (moved || !inRow) return;
  const at = { clientX: box.x + MARK / 3, clientY: event.clientY, bubbles: true, cancelable: true, button: 0 };
  const pointer = { ...at, pointerId: 1, pointerType: "mouse", isPrimary: true };
  setTimeout(() => {
    if (canvas.style.cursor === "pointer") return;  // over a link; told only after the table has drawn itself
    for (const name of ["pointermove", "pointerdown", "pointerup"]) where.dispatchEvent(new PointerEvent(name, pointer));
    for (const name of ["mousemove", "mousedown", "mouseup", "click"]) where.dispatchEvent(new MouseEvent(name, at));
  }, DRAWN);
}

// A row or a view that opens on another screen is told to the browser twice, first its parameters, then the screen. The second
// takes the place of the first, so that one "back" leads to where the reader was. Links of the side column carry no row.
const ROW = /[?&](seite|leistung|anfrage|seitenansicht)=/;
const push = history.pushState.bind(history);
let alone = "";

history.pushState = (state, unused, address) => {
  const before = location.pathname;
  const next = new URL(address ?? location.href, location.href);
  const second = alone === next.search && next.pathname !== before;
  (second ? history.replaceState.bind(history) : push)(state, unused, address);
  alone = next.pathname === before && ROW.test(next.search) ? next.search : "";
};

// Streamlit tells the server of a text once its field is left: a page that is loaded again before would lose it. In forms with
// a draft (ui/drafts) a pause says what the key for it would say; fields that save at once are none of them.
const DRAFTS = ["entwurf-", "bericht-kopf", "seite-form-", "zuordnung-formular", "umzug-formular", "entscheidung"]
  .map((key) => `[class*="st-key-${key}"]`).join(", ");
const TYPED = '[data-testid="stTextInput"] input, [data-testid="stTextArea"] textarea';
const PAUSE = 700;
let paused = 0;

function jot(event) {
  const field = event.target;
  if (!event.isTrusted || !(field instanceof Element) || !field.matches(TYPED) || !field.closest(DRAFTS)) return;
  clearTimeout(paused);
  if (event.isComposing) return;
  const key = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: field.matches("textarea"), bubbles: true, cancelable: true };
  paused = setTimeout(() => {
    for (const name of ["keydown", "keypress"]) field.dispatchEvent(new KeyboardEvent(name, key));
  }, PAUSE);
}

document.addEventListener("input", jot);
document.addEventListener("keydown", walk);
document.addEventListener("pointerdown", press, true);
document.addEventListener("click", openRow);
document.addEventListener("focusout", (event) => {
  if (event.target instanceof Element && event.target.matches(CHART)) leave(event.target);
});
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") translateAttributes(change.target);
    else if (change.type === "characterData") translateText(change.target);
    else for (const node of change.addedNodes) {
      translate(node);
      prepare(node);
    }
  }
}).observe(document.documentElement, {
  attributes: true, attributeFilter: [...ATTRIBUTES, "aria-valuetext"], characterData: true, childList: true, subtree: true,
});
