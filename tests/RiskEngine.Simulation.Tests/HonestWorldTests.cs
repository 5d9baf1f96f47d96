namespace RiskEngine.Simulation.Tests;

public sealed class HonestWorldTests
{
    private const double FastestTravel = 900;
    // Two addresses of one carrier's region, each as far off as a database may place it.
    private const double CoarseLocation = 200;

    private static IEnumerable<Row> Logins => Traffic.HonestMonth.Where(row => row.IsHonestLogin);

    [Fact]
    public void Nobody_travels_faster_than_an_airliner()
    {
        foreach (var subject in Logins.Where(row => !row.IsVpn).GroupBy(row => row.Subject))
        {
            Row? last = null;
            foreach (var row in subject)
            {
                var reach = last is null ? double.MaxValue : CoarseLocation + (FastestTravel * (row.Time - last.Time).TotalHours);
                Assert.True(last is null || Traffic.Kilometres(last, row) <= reach, $"{last} → {row}");
                last = row;
            }
        }
    }

    [Fact]
    public void People_travel()
    {
        var abroad = Logins.Where(row => !row.IsVpn).GroupBy(row => row.Subject).Count(subject => subject.Select(row => row.Country).Distinct().Count() > 1);
        Assert.InRange(abroad, 10, 200);
    }

    [Fact]
    public void Offices_share_an_address_among_many()
    {
        var largest = Traffic.Small.Where(row => row.IsHonestLogin && row.Organisation.Contains("Business"))
            .GroupBy(row => row.Address).Max(group => group.Select(row => row.Subject).Distinct().Count());
        Assert.True(largest >= 10, $"The largest office has {largest}.");
    }

    [Fact]
    public void Carriers_share_addresses_among_several() =>
        Assert.Contains(
            Logins.Where(row => row.Organisation.Contains("Mobile")).GroupBy(row => row.Address),
            group => group.Select(row => row.Subject).Distinct().Count() >= 3);

    [Fact]
    public void IPv6_interface_ids_change_under_one_prefix()
    {
        var six = Logins.Where(row => row.Address!.Contains(':')).ToArray();
        Assert.InRange((double)six.Length / Logins.Count(), 0.05, 0.3);
        Assert.Contains(six.GroupBy(row => (row.Subject, row.Unit)), group => group.Select(row => row.Address).Distinct().Count() >= 3);
    }

    [Fact]
    public void One_address_is_always_at_one_place_and_of_one_network() =>
        Assert.All(
            Traffic.Small.Where(row => row.Address is not null).GroupBy(row => row.Address),
            group => Assert.Single(group.Select(row => (row.Latitude, row.Longitude, row.Country, row.Asn)).Distinct()));

    [Fact]
    public void Nights_are_quiet_and_office_mornings_busy()
    {
        var german = Logins.Where(row => row.Country == "DE").ToLookup(row => row.Time.Hour);
        Assert.True(german[8].Count() > 6 * german[2].Count());
    }

    [Fact]
    public void Weekends_are_quieter_than_weekdays()
    {
        var byDay = Logins.ToLookup(row => row.Time.DayOfWeek);
        Assert.True(byDay[DayOfWeek.Tuesday].Count() > 1.3 * byDay[DayOfWeek.Sunday].Count());
    }

    [Fact]
    public void Some_log_in_through_a_commercial_VPN_only()
    {
        var subjects = Logins.GroupBy(row => row.Subject).Where(subject => subject.Any(row => row.IsVpn)).ToArray();
        Assert.NotEmpty(subjects);
        Assert.All(subjects, subject => Assert.All(subject, row => Assert.True(row.IsVpn)));
    }

    [Fact]
    public void Browsers_update_in_the_course_of_a_month()
    {
        var devices = Logins.Where(row => row.Device is not null).GroupBy(row => row.Device);
        Assert.Contains(devices, device => device.Select(row => row.UserAgent).Distinct().Count() is 2 or 3);
    }

    [Fact]
    public void Machines_keep_to_one_network_and_a_library_and_few_ever_move()
    {
        var machines = Traffic.HonestMonth.Where(row => row.IsService && !row.UserAgent!.Contains("Mozilla")).GroupBy(row => row.Subject).ToArray();
        Assert.True(machines.Length >= 2);
        Assert.All(machines, machine => Assert.Single(machine.Select(row => row.UserAgent).Distinct()));
        Assert.True(machines.Count(machine => machine.Select(row => row.Asn).Distinct().Count() == 1) >= machines.Length * 0.7);
    }

    [Fact]
    public void Ten_thousand_people_have_ten_thousand_names() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(People.Names.OfPerson).Distinct().Count());
}
