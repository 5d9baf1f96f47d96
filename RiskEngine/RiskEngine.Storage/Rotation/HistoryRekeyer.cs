using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Rotation;

/// <summary>Hashes histories in profiles anew: ids of devices and sessions are not kept and go, applications are hashed anew where an event names them.</summary>
/// <remarks>All events have to be seen before the first history. Not thread-safe.</remarks>
internal sealed class HistoryRekeyer(KeyedHash before, KeyedHash after, RotationCount count)
{
    private readonly Dictionary<ushort, ushort> _applications = [];
    private readonly byte[] _room = new byte[SubjectProfile.MaxLength], _packed = new byte[PackedProfile.MaxLength];

    /// <summary>Notes the application of an event; empty for none.</summary>
    public void See(string application)
    {
        if (application.Length == 0) return;
        var name = Encoding.UTF8.GetBytes(application);
        _applications[StateKeys.Application(before, name)] = StateKeys.Application(after, name);
    }

    /// <summary>The profile as it is to be stored from now on; valid until the next call. One that this build does not understand stays as it is.</summary>
    public ReadOnlySpan<byte> Rekey(byte[] stored)
    {
        if (!PackedProfile.TryRead(stored, _room)) return stored;
        var profile = new SubjectProfile(_room);
        foreach (ref var login in profile.Logins) Rekey(ref login);
        return _packed.AsSpan(0, PackedProfile.Write(_room.AsSpan(0, profile.UsedLength), _packed));
    }

    private void Rekey(ref PastLogin login)
    {
        if (login.DeviceId != 0) count.Lose(RotationReport.Devices);
        if (login.Session != 0) count.Lose(RotationReport.Sessions);
        (login.DeviceId, login.Session) = (0, 0);
        if (login.Application == 0) return;
        if (_applications.TryGetValue(login.Application, out var application)) count.Keep(RotationReport.Applications); else count.Lose(RotationReport.Applications);
        login.Application = application;
    }
}
