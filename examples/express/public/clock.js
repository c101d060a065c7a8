// Shows the server's time, and how far this machine's clock is from it.
const output = document.querySelector('#time');
const format = new Intl.DateTimeFormat(navigator.language, { timeStyle: 'medium' });

async function ask() {
  const asked = Date.now();
  const response = await fetch('/api/time');
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const { time } = await response.json();
  const answered = Date.now();
  // Half of the way there and back has passed since the server looked at its clock.
  const now = new Date(time).getTime() + (answered - asked) / 2;
  return { now, difference: now - answered };
}

function describe(difference) {
  const seconds = Math.round(Math.abs(difference) / 1000);
  if (seconds === 0) return 'and so it is here';
  return `${seconds} s ${difference > 0 ? 'ahead of' : 'behind'} this machine`;
}

async function show() {
  try {
    const { now, difference } = await ask();
    output.textContent = `${format.format(now)}, ${describe(difference)}`;
  } catch (error) {
    output.textContent = `no answer: ${error.message}`;
  }
}

await show();
setInterval(show, 10_000);
