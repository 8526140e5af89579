// SPDX-License-Identifier: Apache-2.0
// The plot by year to be asked with pointer or finger: what stands there is said below it, and a click shows that year's documents.
// The numbers are those of the plot that came with the page, and of the table behind it.
import uPlot from 'uplot';

const LABELLED = 14; // up to so many the page itself labels each

interface Year { year: number; documents: number }

function yearsOf(table: HTMLTableElement): Year[] {
  const counted = [...table.tBodies[0].rows]
    .map((row) => ({ year: Number(row.cells[0].textContent), documents: Number(row.cells[1].textContent?.replace(/\D/g, '')) }))
    .filter(({ year }) => Number.isInteger(year));
  if (counted.length === 0) return [];
  const first = counted[0].year, last = counted[counted.length - 1].year;
  return Array.from({ length: last - first + 1 }, (_, i) =>
    counted.find(({ year }) => year === first + i) ?? { year: first + i, documents: 0 });
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw(stage: HTMLElement, years: Year[], said: HTMLElement, head: string): uPlot {
  const font = `13px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = { stroke: () => colour('--dim'), font, ticks: { show: false } };
  const tell = (plot: uPlot): void => {
    const at = plot.cursor.idx;
    said.textContent = at === null || at === undefined ? '' : `${years[at].year}, ${head}: ${years[at].documents.toLocaleString(document.documentElement.lang)}`;
  };
  const options: uPlot.Options = {
    width: stage.clientWidth,
    height: 230,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false } },
    scales: { x: { time: false, range: [years[0].year - 0.6, years[years.length - 1].year + 0.6] }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] } },
    axes: [
      { ...axis, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50], values: (_, at) => at.map(String), size: 30 },
      { ...axis, grid: { stroke: () => colour('--line'), width: 1 }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6],
        values: (_, at) => at.map((value) => value.toLocaleString(document.documentElement.lang)), size: 56 },
    ],
    series: [{}, { fill: () => colour('--tide'), stroke: () => colour('--tide'), width: 0, points: { show: false },
      paths: uPlot.paths.bars?.({ size: [0.72, 64] }) }],
    hooks: { setCursor: [tell] },
  };
  return new uPlot(options, [years.map(({ year }) => year), years.map(({ documents }) => documents)], stage);
}

/** Where there are too many years for each to have its label. */
export function improveYears(within: ParentNode): void {
  const figure = within.querySelector<HTMLElement>('#years');
  const table = figure?.parentElement?.querySelector('table');
  const head = table?.tHead?.rows[0].cells[1].textContent;
  if (!figure || !table || !head) return;
  const years = yearsOf(table);
  if (years.length <= LABELLED) return;
  const stage = document.createElement('div'), said = document.createElement('p');
  const columns = figure.querySelector<HTMLElement>('.columns');
  stage.setAttribute('role', 'img');
  stage.setAttribute('aria-label', columns?.getAttribute('aria-label') ?? '');
  said.className = 'plot-said';
  columns?.replaceWith(stage);
  figure.append(said);
  const plot = draw(stage, years, said, head);
  plot.over.addEventListener('click', () => {
    const at = plot.cursor.idx;
    const choice = new URLSearchParams(location.search);
    if (at === null || at === undefined || years[at].documents === 0) return;
    choice.set('year', String(years[at].year));
    choice.delete('page');
    location.assign(`?${choice}#documents`);
  });
  new ResizeObserver(() => plot.setSize({ width: stage.clientWidth, height: 230 })).observe(stage);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot.redraw());
}
