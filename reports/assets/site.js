// Adds sorting and filtering to the tables. Without it every page is complete and readable.
"use strict";
(() => {
  const made = (name) => document.createElement(name);
  const lower = (text) => text.toLocaleLowerCase();
  const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

  for (const table of document.querySelectorAll("table[data-sort]")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, index) => {
      const value = ({ cells: { [index]: cell } }) => (cell ? cell.dataset.value || cell.textContent.trim() : "");
      const button = made("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.onclick = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        body.append(...[...body.rows].sort((a, b) => compare(value(a), value(b)) * (down ? -1 : 1)));
      };
    });

    const { filter, shown } = table.dataset;
    if (!filter) continue;
    const label = made("label");
    const input = made("input");
    const output = made("output");
    const line = made("div");
    line.className = "filter";
    input.type = "search";
    label.append(filter, " ", input);
    line.append(label, output);
    table.parentElement.before(line);
    const texts = rows.map((row) => lower(row.textContent));
    input.oninput = () => {
      const words = lower(input.value).split(/\s+/).filter(Boolean);
      let number = 0;
      rows.forEach((row, index) => {
        row.hidden = !words.every((word) => texts[index].includes(word));
        number += !row.hidden;
      });
      output.value = words.length ? shown.replace("{shown}", number).replace("{all}", rows.length) : "";
    };
  }
})();
