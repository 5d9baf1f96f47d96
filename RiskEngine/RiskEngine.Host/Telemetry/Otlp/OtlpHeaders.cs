using RiskEngine.Outbound;

namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>Headers in a file of their own, read for each request, so that a credential can be changed while the process runs.</summary>
internal static class OtlpHeaders
{
    private const int Largest = 16 << 10;

    /// <summary>Adds the headers of the file.</summary>
    /// <param name="file">One <c>Name: value</c> a line; null for none.</param>
    /// <returns>What is wrong with the file, without what stands in it; null for nothing.</returns>
    public static OutboundFault? Add(string? file, HttpRequestMessage request)
    {
        if (file is null) return null;
        try
        {
            if (new FileInfo(file).Length > Largest) return Fault($"otlp.headers_file is larger than {Largest / 1024} KiB");
            foreach (var (index, line) in File.ReadAllLines(file).Index())
            {
                if (line.Trim().Length == 0) continue;
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 1 || !IsValue(line[(colon + 1)..].Trim()) || !request.Headers.TryAddWithoutValidation(line[..colon].Trim(), line[(colon + 1)..].Trim()))
                    return Fault($"otlp.headers_file, line {index + 1}: expected a header as Name: value");
            }

            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fault("otlp.headers_file cannot be read");
        }
    }

    private static bool IsValue(string text) => text.Length > 0 && text.All(c => c is >= ' ' and < (char)127);

    private static OutboundFault Fault(string words) => new(OutboundFailure.Refused, words);
}
