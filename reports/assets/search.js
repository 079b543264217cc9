// Searches all findings of the run: they stand in the page in short, and only those that are shown become rows.
"use strict";
(() => {
  const box = document.getElementById("search");
  const index = JSON.parse(document.getElementById("index").textContent);
  const [words, status, severity] = ["words", "status", "severity"].map((id) => document.getElementById(id));
  const results = document.getElementById("results");
  const more = document.getElementById("more");
  const found = document.getElementById("found");
  const heads = [...box.querySelectorAll("thead th")].map((head) => head.textContent);
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const STEP = 50;
  const findings = index.findings; // three numbers each: status, policy, resource
  const total = findings.length / 3;
  // Rows of one finding about several resources lead to the first of them: they are counted once.
  const counted = (rows) => number.format(new Set(Array.from(rows, (at) => index.several[at] ?? at)).size);
  const mark = (kind, name) => {
    const known = box.querySelector(`#marks [data-${kind}="${CSS.escape(name)}"]`);
    return known ? known.firstElementChild.cloneNode(true) : document.createTextNode(name);
  };
  const lower = (text) => text.toLocaleLowerCase();
  const policyTexts = index.policies.map(([id, title]) => lower(`${id} ${title}`));
  const placeTexts = index.places.map(([type, where]) => lower(`${type} ${where}`));
  const resourceTexts = index.resources.map(([name, place]) => `${lower(name)} ${placeTexts[place]}`);

  // Worst first: by status, then severity; the order of the page for the rest.
  const rank = ["critical", "high", "medium", "low", "info", ""];
  const severities = index.policies.map((policy) => rank.indexOf(policy[2]));
  const order = Uint32Array.from({ length: total }, (_, at) => at);
  const weight = (at) => findings[3 * at] * 8 + severities[findings[3 * at + 1]];
  order.sort((a, b) => weight(a) - weight(b) || a - b);

  const all = counted(order);

  let matching = order;
  let shown = 0;

  function link(text, target) {
    const anchor = document.createElement("a");
    anchor.href = target;
    anchor.append(text);
    return anchor;
  }

  function row(at) {
    const [state, policyAt, resourceAt] = findings.slice(3 * at, 3 * at + 3);
    const [id, title, level, page] = index.policies[policyAt];
    const [name, place, target, anchor] = index.resources[resourceAt];
    const [type, where] = index.places[place];
    const bdi = document.createElement("bdi");
    bdi.className = "name";
    bdi.append(name);
    const small = document.createElement("span");
    small.className = "small";
    small.append(type);
    const cells = [
      [mark("status", index.statuses[state])],
      level ? [mark("severity", level)] : [],
      [link(title || id, page)],
      [link(bdi, anchor ? `${index.pages[target]}#r${anchor}` : index.pages[target]), small],
      [where],
    ];
    const line = document.createElement("tr");
    cells.forEach((content, column) => {
      const cell = document.createElement("td");
      cell.dataset.label = heads[column];
      cell.append(...content);
      line.append(cell);
    });
    return line;
  }

  function show() {
    const next = Math.min(shown + STEP, matching.length);
    const rows = [];
    for (; shown < next; shown += 1) rows.push(row(matching[shown]));
    results.append(...rows);
    more.hidden = shown >= matching.length;
  }

  // A word matches a policy or a resource; each is looked at once, not once for each finding.
  function search() {
    const wanted = lower(words.value).split(/\s+/).filter(Boolean);
    const inPolicies = wanted.map((word) => policyTexts.map((text) => text.includes(word)));
    const inResources = wanted.map((word) => resourceTexts.map((text) => text.includes(word)));
    matching = order.filter((at) => {
      const policyAt = findings[3 * at + 1];
      const resourceAt = findings[3 * at + 2];
      if (status.value && index.statuses[findings[3 * at]] !== status.value) return false;
      if (severity.value && index.policies[policyAt][2] !== severity.value) return false;
      return wanted.every((_, word) => inPolicies[word][policyAt] || inResources[word][resourceAt]);
    });
    results.replaceChildren();
    shown = 0;
    show();
    const said = box.dataset.shown.replace("{shown}", counted(matching)).replace("{all}", all);
    found.value = matching.length ? said : box.dataset.none;
  }

  box.hidden = false;
  for (const field of [words, status, severity]) field.addEventListener("input", search);
  more.addEventListener("click", show);
  search();
})();
