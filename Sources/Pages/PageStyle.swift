import Reports

/// The style sheet of pages; the colours are those of the drawings.
package enum PageStyle {
    /// Behind the paper of boxes and charts.
    private static let light = "#f6f8fa"
    private static let dark = "#010409"

    static let css = """
        \(SVGStyle.css)
        :root{\(variables(SVGStyle.light));--page:\(light)}
        @media screen and (prefers-color-scheme:dark){
        :root{\(variables(SVGStyle.dark));--page:\(dark)}
        }
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}
        h1,.headline{text-wrap:balance}
        p,li,dd{text-wrap:pretty}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.25rem;margin:2.5rem 0 .75rem;\
        padding-top:1rem;border-top:1px solid var(--grid)}
        h3{font-size:1rem;margin:0}
        p{margin:.25rem 0 .75rem}
        a{color:var(--s0)}
        :focus-visible{outline:2px solid var(--s0);outline-offset:2px}
        .quiet{color:var(--muted);font-size:.875rem;overflow-wrap:anywhere}
        .box{background:var(--paper);border:1px solid var(--grid);\
        border-left:6px solid var(--muted);border-radius:8px;padding:1rem 1.25rem;margin:1.25rem 0}
        .box.good{border-left-color:var(--better)}
        .box.doubtful{border-left-color:var(--s1)}
        .box.bad{border-left-color:var(--worse)}
        .headline{font-size:1.25rem;font-weight:600;margin:0 0 .5rem}
        .box h2{font-size:.875rem;margin:0 0 .35rem;padding:0;border:0;color:var(--muted)}
        .answers{display:grid;gap:1rem 2rem;margin-top:.75rem}
        .answers>div{min-width:0}
        @media (min-width:44rem){.answers{grid-template-columns:1fr 1.1fr 1.1fr}\
        .answers.two{grid-template-columns:1fr 1fr}.answers.one{grid-template-columns:1fr}}
        .answers p{margin:0 0 .35rem}
        .answers li{margin:.2rem 0;overflow-wrap:anywhere}
        .answers .plain{list-style:none;padding:0}
        .answers .plain ul{margin:.1rem 0 .3rem}
        .note{margin:.75rem 0 0}
        .budget{background:var(--paper);border:1px solid var(--grid);border-radius:8px;\
        padding:.6rem 1rem;margin:0 0 .5rem}
        .budget p{margin:0}
        code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;\
        overflow-wrap:anywhere}
        .box ul{margin:.25rem 0;padding-left:1.25rem}
        nav ul,.key{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;\
        padding:0;margin:1rem 0}
        .key{margin:.25rem 0 .5rem;font-size:.875rem}
        .swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;\
        background:currentColor;margin-right:.45em}
        .tiles{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:.75rem;margin:0}
        .tiles{list-style:none;padding:0}
        .tiles li{background:var(--paper);border:1px solid var(--grid);border-radius:8px;\
        padding:.75rem 1rem}
        .tiles p{margin:0;color:var(--muted);font-size:.8125rem;line-height:1.4}
        .tiles .name{font-size:.875rem}
        .tiles .value{color:var(--text);font-size:1.5rem;font-weight:600;line-height:1.3;\
        font-variant-numeric:tabular-nums}
        figure{background:var(--paper);border:1px solid var(--grid);border-radius:8px;\
        margin:0 0 1rem;padding:1rem 1.25rem}
        figcaption p{margin:.1rem 0 .5rem}
        .wide{overflow-x:auto}
        .chart svg,.chart-narrow svg{display:block;width:100%;height:auto}
        .chart-narrow{display:none}
        section>.wide,section>.facts{background:var(--paper);border:1px solid var(--grid);\
        border-radius:8px;padding:.5rem 1.25rem;margin:0 0 1rem}
        table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums;\
        min-width:min(100%,26rem)}
        caption{text-align:left;color:var(--muted);padding:.25rem 0 .5rem}
        th,td{padding:.3rem 1.5rem .3rem 0;border-bottom:1px solid var(--grid);vertical-align:top}
        th:last-child,td:last-child{padding-right:0}
        tbody tr:last-child>*,.facts dt:last-of-type,.facts dd:last-of-type{border-bottom:0}
        th{font-weight:600}
        .word{text-align:left;overflow-wrap:break-word}
        .number{text-align:right;white-space:nowrap}
        .facts{margin:0;display:grid;grid-template-columns:fit-content(14rem) minmax(0,1fr);\
        font-size:.875rem}
        .facts dt,.facts dd{margin:0;padding:.3rem 0;border-bottom:1px solid var(--grid);\
        overflow-wrap:anywhere}
        .facts dt{color:var(--muted);padding-right:1.5rem}
        details{margin:.75rem 0 0}
        summary{cursor:pointer;color:var(--muted);font-size:.875rem}
        details .wide{margin-top:.75rem}
        pre{background:var(--paper);border:1px solid var(--grid);border-radius:8px;padding:1rem;\
        max-height:36rem;overflow:auto;font:.8125rem/1.45 ui-monospace,monospace}
        .good-word{color:var(--better);font-weight:600}
        .doubtful-word{color:var(--s1);font-weight:600}
        .bad-word{color:var(--worse);font-weight:600}
        @media screen and (max-width:40rem){main{padding:1.25rem .75rem 3rem}\
        .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles .value{font-size:1.25rem}\
        .facts{grid-template-columns:minmax(0,1fr)}.facts dt{border:0;padding-bottom:0}\
        figure,.box,section>.wide{padding:.75rem}\
        .chart{display:none}.chart-narrow{display:block}}
        @media print{:root{color-scheme:light}body{background:#fff;font-size:10pt}\
        main{max-width:none;padding:0}\
        nav,summary{display:none}h2,h3,caption,figcaption{break-after:avoid}\
        figure,.box,.budget,.tiles li,tr{break-inside:avoid}\
        pre{max-height:none;white-space:pre-wrap;overflow-wrap:anywhere}}
        """

    private static func variables(_ colours: [SVGStyle.Colour]) -> String {
        colours.map { "--\($0.name):\($0.colour)" }.joined(separator: ";")
    }
}
