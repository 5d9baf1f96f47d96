namespace RiskEngine.Host.People;

/// <summary>The words of the pages, in one language.</summary>
internal sealed record ReportTexts
{
    /// <summary>Gets the language's tag (RFC 5646).</summary>
    public required string Language { get; init; }

    public required string Title { get; init; }

    public required string Question { get; init; }

    public required string Time { get; init; }

    public required string Place { get; init; }

    public required string Device { get; init; }

    public required string Application { get; init; }

    /// <summary>Gets what stands where something is not known.</summary>
    public required string NotKnown { get; init; }

    /// <summary>Gets what stands between a browser and its operating system.</summary>
    public required string On { get; init; }

    /// <summary>Gets what comes after a day of the month.</summary>
    public required string AfterDay { get; init; }

    public required IReadOnlyList<string> Months { get; init; }

    public required string ItWasMe { get; init; }

    public required string Button { get; init; }

    public required IReadOnlyDictionary<ReportOutcome, (string Title, string Text)> Answers { get; init; }

    public static ReportTexts English { get; } = new()
    {
        Language = "en",
        Title = "Was this you?",
        Question = "This happened with your account:",
        Time = "Time",
        Place = "Place",
        Device = "Device",
        Application = "Application",
        NotKnown = "not known",
        On = "on",
        AfterDay = "",
        Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        ItWasMe = "If it was you, you need not do anything: close this page.",
        Button = "This wasn't me",
        Answers = new Dictionary<ReportOutcome, (string, string)>
        {
            [ReportOutcome.Reported] = ("Thank you", "We noted that this was not you. Your account is now watched more closely. Change your password, and tell your administrator."),
            [ReportOutcome.Repeated] = ("Already reported", "It was already reported that this was not you. There is nothing more to do here."),
            [ReportOutcome.Expired] = ("This link has ended", "If this was not you, change your password and tell your administrator."),
            [ReportOutcome.Forged] = ("This link is not valid", "Perhaps it was not copied whole. Open it from the message again, or ask your administrator."),
            [ReportOutcome.Unknown] = ("This is not stored any more", "What this link is about was deleted. If you are in doubt, ask your administrator."),
            [ReportOutcome.Invalid] = ("This did not work", "Open the link from the message again and use the button on the page."),
            [ReportOutcome.Limited] = ("Please wait a moment", "Too many requests came from your network. Try again in a minute."),
            [ReportOutcome.Failed] = ("This did not work", "Nothing was noted. Try again in a few minutes. If this was not you, tell your administrator."),
        },
    };

    public static ReportTexts German { get; } = new()
    {
        Language = "de",
        Title = "Waren Sie das?",
        Question = "Das ist mit Ihrem Konto geschehen:",
        Time = "Zeit",
        Place = "Ort",
        Device = "Gerät",
        Application = "Anwendung",
        NotKnown = "nicht bekannt",
        On = "unter",
        AfterDay = ".",
        Months = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
        ItWasMe = "Wenn Sie das waren, müssen Sie nichts tun: Schließen Sie diese Seite.",
        Button = "Das war ich nicht",
        Answers = new Dictionary<ReportOutcome, (string, string)>
        {
            [ReportOutcome.Reported] = ("Danke", "Wir haben vermerkt, dass Sie das nicht waren. Ihr Konto wird jetzt genauer beobachtet. Ändern Sie Ihr Passwort und sagen Sie Ihrer Administration Bescheid."),
            [ReportOutcome.Repeated] = ("Bereits gemeldet", "Es wurde schon gemeldet, dass Sie das nicht waren. Hier ist nichts weiter zu tun."),
            [ReportOutcome.Expired] = ("Dieser Link ist abgelaufen", "Wenn Sie das nicht waren, ändern Sie Ihr Passwort und sagen Sie Ihrer Administration Bescheid."),
            [ReportOutcome.Forged] = ("Dieser Link ist nicht gültig", "Vielleicht wurde er nicht ganz kopiert. Öffnen Sie ihn noch einmal aus der Nachricht, oder fragen Sie Ihre Administration."),
            [ReportOutcome.Unknown] = ("Das ist nicht mehr gespeichert", "Worum es in diesem Link geht, wurde gelöscht. Fragen Sie im Zweifel Ihre Administration."),
            [ReportOutcome.Invalid] = ("Das hat nicht geklappt", "Öffnen Sie den Link noch einmal aus der Nachricht und benutzen Sie die Schaltfläche auf der Seite."),
            [ReportOutcome.Limited] = ("Bitte warten Sie einen Moment", "Aus Ihrem Netz kamen zu viele Anfragen. Versuchen Sie es in einer Minute noch einmal."),
            [ReportOutcome.Failed] = ("Das hat nicht geklappt", "Es wurde nichts vermerkt. Versuchen Sie es in einigen Minuten noch einmal. Wenn Sie das nicht waren, sagen Sie Ihrer Administration Bescheid."),
        },
    };

    /// <summary>The language that a visitor wants most of those there are; English where none is wanted.</summary>
    /// <param name="asked">What the address says, which wins; null for nothing.</param>
    /// <param name="accepted"><c>Accept-Language</c> (RFC 9110, section 12.5.4).</param>
    public static ReportTexts For(string? asked, IList<Microsoft.Net.Http.Headers.StringWithQualityHeaderValue> accepted)
    {
        if (asked is "de" or "en") return Of(asked)!;
        var wanted = from language in accepted
                     let texts = Of(language.Value.Value ?? "")
                     where texts is not null && (language.Quality ?? 1) > 0
                     orderby language.Quality ?? 1 descending
                     select texts;
        return wanted.FirstOrDefault() ?? English;
    }

    private static ReportTexts? Of(string tag) => tag.Split('-')[0].ToLowerInvariant() switch
    {
        "de" => German,
        "en" => English,
        _ => null,
    };
}
