"use strict";
// Sorts and filters the tables. The page is complete without it.
(() => {
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  const compare = (one, other) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? one.localeCompare(other, "en", { numeric: true }) : difference;
  };

  const sort = (table, header, column) => {
    const falling = header.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows, (row) => [key(row, column), row]);
    keyed.sort(([one], [other]) => (one === "" || other === "" ? 1 : falling ? -1 : 1) * compare(one, other));
    body.append(...keyed.map(([, row]) => row));
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    Array.from(table.tHead.rows[0].cells, (header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      button.addEventListener("click", () => sort(table, header, column));
      header.append(button);
    });
  }

  for (const form of document.querySelectorAll("form.tools")) {
    const table = document.getElementById(form.dataset.for);
    const headers = Array.from(table.tHead.rows[0].cells);
    const column = new Map(headers.map((header, at) => [header.dataset.key, at]));
    const filters = Array.from(form.querySelectorAll("[data-filter]"));
    const output = form.querySelector("output");
    const words = new Map(Array.from(table.tBodies[0].rows, (row) => [row, row.textContent.toLowerCase()]));

    const fits = (row, filter) => {
      if (filter.value === "") return true;
      const name = filter.dataset.filter;
      if (name === "text") return words.get(row).includes(filter.value.toLowerCase());
      return key(row, column.get(name)) === filter.value;
    };

    const apply = () => {
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = row.cells.length > 1 && !filters.every((filter) => fits(row, filter));
        shown += row.hidden ? 0 : 1;
      }
      output.textContent = `${shown} of ${words.size} shown`;
    };

    let waiting;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 150);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
  }

  // A link to an interval opens it.
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
