#!/bin/sh
# Makes the small recordings that the tests play, with ffmpeg from Debian. Run it in this folder; what it makes is committed.
set -e
picture="testsrc2=size=160x90:rate=5:duration=6"
tone="sine=frequency=330:duration=6:sample_rate=16000"
quiet="-y -loglevel error -bitexact -fflags +bitexact"
ffmpeg $quiet -f lavfi -i "$picture" -f lavfi -i "$tone" -c:v libvpx -b:v 12k -g 30 -c:a libopus -b:a 8k gesprek.webm
ffmpeg $quiet -f lavfi -i "$picture" -c:v libx264 -crf 45 -pix_fmt yuv420p -movflags +faststart gesprek.mp4
ffmpeg $quiet -f lavfi -i "$tone" -c:a libmp3lame -b:a 16k rust.mp3
ffmpeg $quiet -f lavfi -i "$tone" -c:a libopus -b:a 8k rust.ogg
ffmpeg $quiet -f lavfi -i "$tone" -c:a aac -b:a 12k rust.m4a
