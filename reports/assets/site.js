// Adds sorting and filtering to the tables. Without it every page is complete and readable.
"use strict";
(() => {
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const value = (row, index) => {
    const cell = row.cells[index];
    return cell ? cell.dataset.value || cell.textContent.trim() : "";
  };

  const made = (name) => document.createElement(name);
  const lower = (text) => text.toLocaleLowerCase();

  function sort(table, header, index) {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => collator.compare(value(a, index), value(b, index)) * (down ? -1 : 1));
    body.append(...rows);
  }

  function addSorting(table) {
    [...table.tHead.rows[0].cells].forEach((header, index) => {
      const button = made("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.onclick = () => sort(table, header, index);
    });
  }

  function addFilter(table) {
    const label = made("label");
    const input = made("input");
    const output = made("output");
    const line = made("div");
    line.className = "filter";
    input.type = "search";
    label.append(table.dataset.filter, " ", input);
    line.append(label, output);
    table.parentElement.before(line);
    const rows = [...table.tBodies[0].rows];
    const texts = rows.map((row) => lower(row.textContent));
    input.oninput = () => {
      const words = lower(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, index) => {
        row.hidden = !words.every((word) => texts[index].includes(word));
        if (!row.hidden) shown += 1;
      });
      output.value = words.length ? table.dataset.shown.replace("{shown}", shown).replace("{all}", rows.length) : "";
    };
  }

  document.querySelectorAll("table[data-sort]").forEach(addSorting);
  document.querySelectorAll("table[data-filter]").forEach(addFilter);
})();
