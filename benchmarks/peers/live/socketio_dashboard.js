const rows = document.getElementById("rows");
const chart = document.getElementById("chart");
const history = new Array(60).fill(0);

for (let number = 0; number < 50; number += 1) {
    const row = rows.insertRow();
    row.innerHTML = `<th>Machine ${number}</th><td id="load-${number}"></td>
        <td><progress max="100" id="bar-${number}"></progress></td>`;
}

const socket = io();

socket.on("measured", ({ loads, mean }) => {
    loads.forEach((load, number) => {
        document.getElementById(`load-${number}`).textContent = `${load} %`;
        document.getElementById(`bar-${number}`).value = load;
    });
    history.push(mean);
    history.shift();
    chart.setAttribute("points", history.map((y, x) => `${x},${(100 - y).toFixed(1)}`).join(" "));
});
