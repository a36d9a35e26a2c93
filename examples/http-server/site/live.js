// Shows what status.json says, once a second.
const table = document.getElementById("now");

async function show() {
  const facts = await (await fetch("status.json")).json();
  table.replaceChildren(...Object.entries(facts).map(([name, value]) => {
    const row = document.createElement("tr");
    row.append(Object.assign(document.createElement("th"), { textContent: name.replaceAll("_", " ") }));
    row.append(Object.assign(document.createElement("td"), { textContent: value.toLocaleString("en") }));
    return row;
  }));
}

show();
setInterval(show, 1000);
