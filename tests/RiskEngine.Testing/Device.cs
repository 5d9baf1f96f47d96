using RiskEngine.Core.Facts;

namespace RiskEngine.Testing;

/// <summary>What a login of a test is made with.</summary>
/// <param name="Id">Hash of the device id; zero for none.</param>
/// <param name="UserAgent">Hash of the user agent; zero for none.</param>
/// <param name="Browser">Id of the browser.</param>
/// <param name="Os">Id of the operating system.</param>
/// <param name="Class">The class.</param>
public sealed record Device(uint Id, uint UserAgent, byte Browser, byte Os, DeviceClass Class)
{
    public static Device Laptop { get; } = new(1, 101, 1, 1, DeviceClass.Desktop);

    public static Device UpdatedLaptop { get; } = Laptop with { UserAgent = 102 };

    /// <summary>Gets another browser on the laptop.</summary>
    public static Device OtherBrowser { get; } = new(2, 103, 2, 1, DeviceClass.Desktop);

    public static Device Phone { get; } = new(3, 104, 3, 2, DeviceClass.Mobile);

    /// <summary>Gets the device of somebody else.</summary>
    public static Device Strange { get; } = new(66, 166, 6, 6, DeviceClass.Desktop);

    public static Device Program { get; } = new(0, 170, 70, 0, DeviceClass.Library);

    public static Device Silent { get; } = new(0, 0, 0, 0, DeviceClass.Unknown);

    /// <summary>The same, from a source that gives no device ids.</summary>
    public Device WithoutId() => this with { Id = 0 };

    /// <summary>The same platform with another id, as after clearing cookies or as a twin.</summary>
    public Device Twin() => this with { Id = 77 };
}
