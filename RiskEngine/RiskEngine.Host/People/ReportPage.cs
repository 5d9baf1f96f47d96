using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Host.People;

/// <summary>Writes the pages: HTML without script, pictures, or anything from elsewhere.</summary>
/// <remarks>Whatever may come from outside is encoded. Pure; safe for concurrent use.</remarks>
internal static class ReportPage
{
    /// <summary>Name and value of the field that the page's form sends, and nothing else does by chance.</summary>
    public const string Field = "confirm", Confirmed = "not-me";

    private const string Style =
        """
        body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
        h1{font-size:1.5rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1rem;margin:1.5rem 0}dt{color:#57606a}dd{margin:0;overflow-wrap:anywhere}
        button{font:inherit;padding:.7rem 1.2rem;border:0;border-radius:.4rem;background:#b42318;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #1b1f24}
        @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}dt{color:#9da7b1}button:focus-visible{outline-color:#e6edf3}}
        """;

    /// <summary>What a browser may do with the pages: apply this style, and send the form to where it came from. Nothing is loaded, run or framed.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Asks whether it was the person, and tells what happened. The form goes to the address that the page was asked for by.</summary>
    public static string Question(StoredEvent stored, FactSnapshot facts, ReportTexts texts)
    {
        var html = Begin(texts, texts.Title);
        html.Append("<p>").Append(Encoded(texts.Question)).Append("</p>\n<dl>\n");
        foreach (var (label, value) in ReportedEvent.Of(stored, facts, texts)) html.Append("<dt>").Append(Encoded(label)).Append("</dt><dd>").Append(Encoded(value)).Append("</dd>\n");
        html.Append("</dl>\n<form method=\"post\"><input type=\"hidden\" name=\"").Append(Field).Append("\" value=\"").Append(Confirmed).Append("\"><button>").Append(Encoded(texts.Button)).Append("</button></form>\n");
        return End(html.Append("<p>").Append(Encoded(texts.ItWasMe)).Append("</p>\n"));
    }

    /// <summary>Says what came of it.</summary>
    public static string Answer(ReportOutcome outcome, ReportTexts texts)
    {
        var (title, text) = texts.Answers[outcome];
        return End(Begin(texts, title).Append("<p>").Append(Encoded(text)).Append("</p>\n"));
    }

    private static StringBuilder Begin(ReportTexts texts, string title) => new StringBuilder("<!DOCTYPE html>\n<html lang=\"").Append(texts.Language)
        .Append("\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex,nofollow\"><title>").Append(Encoded(title))
        .Append("</title><style>").Append(Style).Append("</style></head>\n<body><main>\n<h1>").Append(Encoded(title)).Append("</h1>\n");

    private static string End(StringBuilder html) => html.Append("</main></body>\n</html>\n").ToString();

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
