# Decodes every mail again and again in one process, for reader.mjs: ms per mail, on standard output as JSON.
#
#   perl bench/sisimai.pl WARM_ROUNDS ROUNDS FILE...
#
# The mails lie in memory before the clock starts, as they do for our reader: Sisimai takes a reference to the text.
use strict;
use warnings;
use Sisimai;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

# A warning about a mail would be written inside the measured time.
local $SIG{__WARN__} = sub { };

# Version 5 has a new name for what version 4 calls make().
my $decode = Sisimai->can('rise') || Sisimai->can('make') || die "This Sisimai has neither rise() nor make().\n";
my ( $warm, $rounds, @files ) = @ARGV;
my @mails = map { slurp($_) } @files;
my @times;
my $decoded = 0;

for my $round ( 1 .. $warm + $rounds ) {
    $decoded = 0;
    for my $mail (@mails) {
        my $begun = clock_gettime(CLOCK_MONOTONIC);
        my $found = Sisimai->$decode( \$mail );
        my $ms    = ( clock_gettime(CLOCK_MONOTONIC) - $begun ) * 1000;
        push @times, $ms if $round > $warm;
        $decoded++ if $found && @$found;
    }
}

printf '{"version":"%s","perl":"%vd","mails":%d,"decoded":%d,"times":[%s]}', Sisimai->version, $^V, scalar @mails,
    $decoded, join( ',', map { sprintf '%.4f', $_ } @times );

sub slurp {
    my ($file) = @_;
    open my $handle, '<:raw', $file or die "$file: $!\n";
    local $/ = undef;
    return scalar <$handle>;
}
