extension StatusPage {
  /// On a phone a row of a table is a block of its own, and the picture's letters grow as the picture shrinks.
  static let style = """
    :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif;
      --red: #b03022; --amber: #9a5f04; --green: #1e7d46; --blue: #2471a3; --orange: #b9670a; --line: #8884; }
    @media (prefers-color-scheme: dark) {
      :root { --red: #ff8a7a; --amber: #f0b354; --green: #6fd39a; --blue: #7cb8e8; --orange: #f0b354; }
    }
    body { margin: 0 auto; max-width: 80rem; padding: 0 1rem; }
    header { border-left: .5rem solid var(--green); padding-left: .8rem; margin: 1.2rem 0; }
    .critical header { border-color: var(--red); } .warning header { border-color: var(--amber); }
    .info header { border-color: var(--blue); }
    h1 { font-size: 1.5rem; margin: 0; } header p { margin: 0; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
    th { font-size: .85rem; white-space: nowrap; } #alerts td:nth-child(7), #sinks td:nth-child(5), #silences td { overflow-wrap: anywhere; } section { overflow-x: auto; }
    time { white-space: nowrap; font-variant-numeric: tabular-nums; }
    tr.critical td:first-child, tr.gone td:nth-child(3), tr.missing td:nth-child(3) { color: var(--red); font-weight: 600; }
    tr.warning td:first-child, tr.silent td:nth-child(3) { color: var(--amber); font-weight: 600; }
    tr.silenced { opacity: .7; }
    .tiles { display: flex; flex-wrap: wrap; gap: .6rem; list-style: none; padding: 0; margin: 0; }
    .tiles li { border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .9rem; }
    .tiles b { font-size: 1.3rem; } .tiles .none { opacity: .6; } .tiles .up b { color: var(--green); }
    .tiles .gone b, .tiles .missing b { color: var(--red); } .tiles .silent b { color: var(--amber); }
    svg { width: 100%; max-width: 60rem; overflow: visible; } svg text { font-size: 11px; fill: currentColor; }
    svg .grid { stroke: var(--line); } polyline { fill: none; stroke-width: 2; }
    polyline.median { stroke: var(--blue); } polyline.longest { stroke: var(--orange); stroke-dasharray: 4 3; }
    circle.median { fill: var(--blue); } circle.longest { fill: var(--orange); }
    .legend { margin: .3rem 0; } .legend .median { color: var(--blue); } .legend .longest { color: var(--orange); }
    footer { margin: 2rem 0; font-size: .85rem; } footer a { color: inherit; margin-left: .6rem; }
    @media (max-width: 45rem) {
      thead { display: none; } table, tbody { display: block; }
      tr { display: flex; flex-wrap: wrap; gap: 0 .9rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
      td { border: 0; padding: 0; } td:empty { display: none; } td:first-child { font-weight: 600; }
      #alerts td:nth-child(7), #sinks td:nth-child(5) { flex-basis: 100%; }
      td { overflow-wrap: anywhere; } #alerts td:nth-child(7)::before, td:first-child::before { content: none; }
      td::before { content: attr(data-head) " "; font-size: .8rem; opacity: .75; }
      svg text { font-size: 24px; }
    }
    """
}
