namespace RiskEngine.Simulation.Benchmarking.Traffic.Devices;

/// <summary>An operating system and the versions that its user agents show, the usual one first.</summary>
internal sealed record OsFamily(string Name, params string[] Versions)
{
    public static OsFamily Windows { get; } = new("Windows", "10.0", "6.1", "6.3", "6.2", "6.0");

    public static OsFamily Mac { get; } = new("Mac OS X", "10_15_7", "10_14_6", "10_13_6", "10_12_6", "11_6_8", "12_7_6", "13_6_9", "10_11_6");

    public static OsFamily MacFirefox { get; } = new("Mac OS X", "10.15", "10.14", "10.13", "10.12", "10.11");

    public static OsFamily IPhone { get; } =
        new("iOS", "18_7", "18_6", "18_5", "18_3_2", "17_7_2", "17_6_1", "16_7_10", "15_8_3", "26_0_1", "26_1", "26_2", "17_5_1");

    public static OsFamily IPhoneBefore { get; } = new("iOS", "18_6", "17_7_2", "17_6_1", "16_7_10", "15_8_3", "17_5_1", "14_8", "13_7", "12_5_7");

    public static OsFamily Android { get; } = new("Android", "10", "16", "15", "14", "13", "12", "11", "9", "8.1.0", "8.0.0", "7.1.1");

    public static OsFamily AndroidNew { get; } = new("Android", "15", "16", "14", "13", "12", "11", "10", "9", "8.1.0", "8.0.0", "7.1.1");

    public static OsFamily Linux { get; } = new("Linux", "");

    public static OsFamily ChromeOs { get; } = new("Chrome OS", "14541.0.0", "16328.55.0", "16371.50.0", "16404.45.0", "16093.68.0");

    public static OsFamily KaiOs { get; } = new("KaiOS", "2.5", "2.5.1", "2.5.2", "3.0", "3.1");

    /// <summary>Name and major version; 10 alone tells nothing of a Mac.</summary>
    public string Label(int version)
    {
        var text = Versions[version];
        if (text.Length == 0) return Name;
        if (this == Windows) return text switch { "10.0" => "Windows 10", "6.1" => "Windows 7", "6.3" => "Windows 8.1", "6.2" => "Windows 8", _ => "Windows Vista" };
        var parts = text.Split('_', '.');
        return text.StartsWith("10", StringComparison.Ordinal) && Name == "Mac OS X" ? $"{Name} {parts[0]}.{parts[1]}" : $"{Name} {parts[0]}";
    }
}
