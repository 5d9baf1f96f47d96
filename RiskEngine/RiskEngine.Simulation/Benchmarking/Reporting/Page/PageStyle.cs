namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>How the page looks. Colours are told apart by people who see few (Okabe and Ito 2008) and by form as well.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; }
        body { max-width: 1240px; margin: 2rem auto; padding: 0 1.25rem; }
        h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { margin-top: 2.6rem; border-bottom: 1px solid #d6dce3; padding-bottom: .2rem; } h3 { margin: 1.8rem 0 .4rem; font-size: 1.05rem; }
        p { max-width: 75ch; margin: .4rem 0; } .quiet { color: #5a6775; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .84rem; font-variant-numeric: tabular-nums; margin: .6rem 0; }
        th, td { padding: .22rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #eef1f4; } th { color: #5a6775; font-weight: 600; border-bottom: 1px solid #c3ccd5; }
        th:first-child, td:first-child { text-align: left; } tr.engine td { font-weight: 600; background: #eef5fb; } tr.oracle td { color: #5a6775; font-style: italic; } tr.missed td { background: #fdecea; }
        .plots { display: flex; flex-wrap: wrap; gap: .8rem; } svg { background: #fff; border: 1px solid #e3e8ed; border-radius: 6px; }
        .title { font-size: 12px; font-weight: 600; fill: #1d2733; } .tick, .axis { font-size: 10px; fill: #5a6775; } .middle { text-anchor: middle; } .end { text-anchor: end; }
        .grid { stroke: #e9edf1; stroke-width: 1; } .line { fill: none; stroke-width: 1.8; } .whisker { stroke-width: 2; opacity: .55; }
        .engine { stroke: #0072b2; fill: #0072b2; } .reference { stroke: #d55e00; fill: #d55e00; } .second { stroke: #e69f00; fill: #e69f00; } .foil { stroke: #009e73; fill: #009e73; }
        .rare { stroke: #cc79a7; fill: #cc79a7; } .oracle { stroke: #4c5866; fill: #4c5866; } .even { stroke: #9aa5b1; fill: #9aa5b1; }
        .line.engine, .line.reference, .line.second, .line.foil, .line.rare, .line.oracle, .line.even { fill: none; }
        .line.oracle, .line.even { stroke-dasharray: 5 4; } .line.reference { stroke-dasharray: 8 3; } .line.foil { stroke-dasharray: 2 3; } .line.second { stroke-dasharray: 8 3 2 3; }
        .legend { display: flex; flex-wrap: wrap; gap: 1.2rem; font-size: .84rem; margin: .5rem 0; } .legend svg { border: 0; vertical-align: middle; margin-right: .3rem; }
        """;
}
