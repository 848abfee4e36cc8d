/// How the pages look: light and dark, at a desk and on a phone, where each row of a table is a block of its own.
enum Style {
  static let text = """
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8885; --dim: #666; --soft: #8881;
      --red: #b03022; --amber: #8a5503; --green: #1a6d3d; --blue: #1f6391; --button: #1f6391; --ink: #fff; }
    @media (prefers-color-scheme: dark) { :root { --dim: #aaa; --red: #ff8a7a; --amber: #f0b354; --green: #6fd39a; --blue: #7cb8e8; --button: #7cb8e8; --ink: #111; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 2rem; }
    a { color: var(--blue); } :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
    .skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
    .top { display: flex; flex-wrap: wrap; align-items: baseline; gap: .4rem 1.2rem; border-bottom: 1px solid var(--line); padding: .7rem 0; }
    .brand { font-weight: 700; text-decoration: none; color: inherit; } .top nav { display: flex; gap: 1rem; } .top form { margin-left: auto; }
    h1 { font-size: 1.5rem; margin: 1.2rem 0 .6rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
    p { margin: .4rem 0; } .dim, small { color: var(--dim); }
    .refusal, .trouble { border-left: .4rem solid var(--red); padding: .5rem .8rem; background: var(--soft); overflow-wrap: anywhere; }
    .note { border-left: .4rem solid var(--amber); padding: .5rem .8rem; background: var(--soft); overflow-wrap: anywhere; }
    section.scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
    th { font-size: .85rem; white-space: nowrap; } td { overflow-wrap: anywhere; } td.number, th.number { text-align: right; }
    time { white-space: nowrap; font-variant-numeric: tabular-nums; }
    .versions { list-style: none; margin: 0; padding: 0; } .versions b { font-variant-numeric: tabular-nums; }
    .good { color: var(--green); font-weight: 600; } .bad { color: var(--red); font-weight: 600; } .odd { color: var(--amber); font-weight: 600; }
    pre { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; max-height: 16rem; overflow-y: auto; }
    progress { width: 100%; height: 1rem; accent-color: var(--green); }
    form.card { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; max-width: 44rem; }
    form.row, .turns { margin-bottom: 1rem; display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; }
    .turns form { display: flex; flex-wrap: wrap; gap: .4rem; align-items: end; margin: 0; }
    fieldset { border: 0; padding: 0; margin: 0 0 .8rem; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; } legend { font-weight: 600; padding: 0; }
    label { display: block; margin-bottom: .7rem; } fieldset label { margin: 0; } form.row label, .turns label { margin: 0; }
    input:not([type=checkbox]):not([type=radio]), select { font: inherit; width: 100%; padding: .45rem; border: 1px solid var(--line); border-radius: .3rem; background: Field; color: FieldText; }
    input[type=checkbox], input[type=radio] { width: 1.15rem; height: 1.15rem; vertical-align: -.2rem; }
    .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0 1rem; }
    button { font: inherit; font-weight: 600; padding: .5rem 1rem; min-height: 2.6rem; border: 0; border-radius: .3rem; background: var(--button); color: var(--ink); cursor: pointer; }
    button:disabled { opacity: .45; cursor: default; } button.quiet { background: none; color: var(--blue); border: 1px solid var(--line); font-weight: 400; padding: .2rem .6rem; min-height: 0; }
    button.grave { background: none; color: var(--red); border: 1px solid currentColor; }
    footer { margin-top: 2rem; font-size: .85rem; color: var(--dim); min-height: 1.5rem; }
    @media (max-width: 45rem) {
      thead { position: absolute; left: -99rem; } table, tbody { display: block; }
      tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
      td { border: 0; padding: .1rem 0; } td:empty { display: none; } td[data-head]::before { content: attr(data-head) " "; font-size: .8rem; color: var(--dim); }
      tbody th { flex-basis: 100%; border: 0; padding: .2rem 0; } .top form { margin-left: 0; }
    }
    """
}
